"""`make bench` gives figures, and none for a contender that wrote something else than the others."""

import re
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from benchmarks.__main__ import main
from benchmarks.running import AT, NotEqual, TooShort, check, watch
from benchmarks.topics import COUNTING, PARTITIONS, Record, fill, make
from contracts.envelope import Envelope, Origin, Stamp, Through
from desk.broker import Broker

BENCHMARKS = (sys.executable, "-m", "benchmarks")
COUNTED = Counter({b'["factory","SO-1"]': 3, b'["factory","SO-2"]': 1})


def tables(output: str) -> dict[str, list[list[str]]]:
    """Read the Markdown: the rows of each table, by its title."""
    found: dict[str, list[list[str]]] = {}
    title = ""
    for line in output.splitlines():
        if line.startswith("## "):
            title = line.removeprefix("## ")
        elif line.startswith("| ") and not line.startswith("| ---"):
            found.setdefault(title, []).append([cell.strip() for cell in line.strip("|").split("|")])
    return {title: rows[1:] for title, rows in found.items()}


@pytest.mark.broker
def test_counting_deliver_and_recovery_give_a_figure_in_each_cell() -> None:
    """With few events, which says nothing about speed, and beside the one peer that needs no environment of its own."""
    small = ("--events", "20000", "--keys", "2000", "--repeats", "1", "--peer", "by_hand")
    ended = subprocess.run(
        [*BENCHMARKS, "counting", "deliver", "recovery", *small], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    found = tables(ended.stdout)
    counting, deliver, recovery = found.values()
    assert list(found)[::2] == ["Counting: state, changelog and output", "Recovery of 2,000 keys"]
    assert [row[0] for row in counting] == ["engine", "aiokafka by hand"]
    assert [row[0] for row in recovery] == ["a count of one digit", "an open delivery"]
    for cells in (*(row[1:] for row in (*counting, *recovery)), *deliver):
        for cell in cells:
            figures = [float(figure.replace(",", "")) for figure in re.findall(r"[\d.,]+", cell)]
            assert figures, cell
            assert min(figures) > 0, cell
    assert float(recovery[1][1].replace(",", "")) > 10 * float(recovery[0][1]), "a delivery is more than a digit"
    share = re.search(r"reaches ([\d.]+) of the ceiling", ended.stdout)
    assert share
    assert counting[1][5] == share[1]


@pytest.mark.parametrize("arguments", [["speed"], ["counting", "--peer", "flink"]])
def test_a_part_or_a_peer_that_there_is_not_is_refused(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["benchmarks", *arguments])
    with pytest.raises(SystemExit) as refused:
        main()
    assert refused.value.code == 2
    assert arguments[-1] in capsys.readouterr().err


@dataclass(frozen=True)
class Written:
    """The output topic of a run, and what writes and reads it."""

    name: str
    writer: AIOKafkaProducer
    reader: AIOKafkaConsumer

    async def check(self, records: list[Record], *, whole: bool = True) -> int:
        """Write the outputs of a contender, and check them as after a run."""
        await fill(self.writer, self.name, records)
        places = [TopicPartition(self.name, partition) for partition in range(PARTITIONS)]
        return await check(self.reader, places, COUNTED, whole=whole)


@pytest.fixture
async def written(broker: Broker) -> AsyncIterator[Written]:
    name = (await make(broker.bootstrap, f"bench-{uuid.uuid4().hex[:8]}", COUNTING))[1]
    reader = AIOKafkaConsumer(bootstrap_servers=broker.bootstrap, enable_auto_commit=False)
    async with AIOKafkaProducer(bootstrap_servers=broker.bootstrap) as writer, reader:
        yield Written(name, writer, reader)


def outputs() -> list[Record]:
    """Give what a contender must write: each count of each key, in the envelope."""
    stamp = Stamp(Through(1, 0), AT)
    envelope = Envelope("1", "bench.counted.v1", "bench/source", AT, AT, Origin("source", 0, 0), stamp=stamp).headers()
    return [(key, b"%d" % number, envelope) for key, of in COUNTED.items() for number in range(1, of + 1)]


async def test_outputs_that_are_right_are_all_read(written: Written) -> None:
    assert await written.check(outputs()) == COUNTED.total()


async def test_a_run_that_was_cut_short_needs_no_more_than_its_beginning(written: Written) -> None:
    assert await written.check(outputs()[:2], whole=False) == 2


@pytest.mark.parametrize(
    ("spoilt", "says"),
    [
        ((0, (b'["factory","SO-1"]', b"2", ...)), "was counted b'2' after 0"),
        ((2, (b'["factory","SO-1"]', b"2", ...)), "was counted b'2' after 2"),
        ((2, None), "0 keys were counted too often, 1 too seldom"),
        ((3, None), "0 keys were counted too often, 1 too seldom"),
        ((3, (b'["factory","SO-3"]', b"1", ...)), "1 keys were counted too often, 1 too seldom"),
        ((3, (b'["factory","SO-1"]', b"4", ...)), "1 keys were counted too often, 1 too seldom"),
    ],
)
async def test_a_count_that_is_wrong_or_is_missing_is_not_equal(
    written: Written, spoilt: tuple[int, tuple[bytes, bytes, object] | None], says: str
) -> None:
    place, instead = spoilt
    records = outputs()
    records[place : place + 1] = [(instead[0], instead[1], records[place][2])] if instead else []
    with pytest.raises(NotEqual, match=re.escape(says)):
        await written.check(records)


@pytest.mark.parametrize("name", ["ce_id", "ce_time", "ce_origin", "ce_through"])
async def test_a_header_that_is_missing_or_empty_is_not_equal(written: Written, name: str) -> None:
    for spoilt in ([], [(name, b"")]):
        key, number, headers = outputs()[3]
        record: Record = (key, number, [*(header for header in headers if header[0] != name), *spoilt])
        with pytest.raises(NotEqual, match=f"was written without {name}"):
            await written.check([record], whole=False)


async def _all_done() -> int:
    return 10


async def _nothing() -> int:
    return 0


async def test_what_was_over_before_it_was_looked_at_gives_no_figure() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as running:  # noqa: ASYNC220 - at once
        with pytest.raises(TooShort, match="10 events are too few"):
            await watch(running, _all_done, events=10, budget=1)
        assert running.stdin is not None
        running.stdin.close()


async def test_a_contender_that_ends_without_a_result_is_not_equal() -> None:
    running = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])  # noqa: ASYNC220 - returns at once
    with running, pytest.raises(NotEqual, match="it did nothing; it ended with 3"):
        await watch(running, _nothing, events=10, budget=1)
