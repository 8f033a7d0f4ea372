"""(2) The real deliver step, on the events that the demo's sample day makes for it."""

import json
import sys
import uuid
from collections.abc import Iterable

from aiokafka import TopicPartition

from benchmarks.counting import Bench
from benchmarks.running import Measured, NotEqual, committed, process, watch
from benchmarks.topics import PARTITIONS, Record, fill, make
from connectors.registry import POLLERS, SOURCES
from contracts.model import read
from contracts.policy import Policy
from contracts.raw import RawRequest
from contracts.snapshot import Snapshot
from contracts.topics import DEAD_LETTERS, DELIVERIES, INBOUND, LANES, SNAPSHOTS, changelog
from desk.demo.erp import erp_lines
from desk.demo.pushes import pushes
from desk.demo.story import read_story
from streams.engine.replay import Replay
from streams.stages import cases, deliver, documents, lanes, resolve
from streams.stages.normalise import Connectors, normalise

ACCOUNT = "factory"
DELIVER = (sys.executable, "-m", "benchmarks.contenders.deliver")
TOPICS = (DELIVERIES, SNAPSHOTS, LANES, changelog("deliver"), DEAD_LETTERS)


def sample_day() -> tuple[list[Record], set[bytes]]:
    """Play the day without a broker; give what reaches `deliveries`, and the orders' snapshots at its end."""
    story = read_story()
    replay = Replay(
        [
            normalise(Connectors(SOURCES, POLLERS), lambda _: None),
            documents.STAGE,
            resolve.STAGE,
            cases.STAGE,
            deliver.STAGE,
            lanes.STAGE,
        ],
        Policy(pollers=(ACCOUNT,)),
    )
    raws = [
        RawRequest("sample-file", ACCOUNT, json.dumps(_reading(line)).encode(), story.at(story.begins))
        for line in erp_lines(story)
    ]
    raws += [
        RawRequest(push.by, "express", sent.body, push.at, sent.content_type)
        for push in pushes(story)
        for sent in (push.signed("secret"),)
    ]
    for raw in raws:
        key, value, headers = raw.record()
        replay.put(INBOUND, key, value, headers)
    replay.settle()
    told = [
        (record.key, record.value or b"", record.headers)
        for record in replay.written(DELIVERIES)
        if record.key is not None
    ]
    return told, _answers(record.value for record in replay.latest(SNAPSHOTS).values())


def _reading(line: dict[str, object]) -> dict[str, object]:
    return {
        "kind": line["kind"],
        "document": line["document"],
        "read_at": line["at"],
        "withdrawn": bool(line.get("withdrawn")),
        "record": line.get("record"),
    }


def companies(day: list[Record], number: int) -> list[Record]:
    """Let so many companies have the same day: the same events under other accounts."""
    return [
        (_of_company(key, company), _of_company(value, company), headers)
        for company in range(number)
        for key, value, headers in day
    ]


def _of_company(text: bytes, company: int) -> bytes:
    return text.replace(b'"%b"' % ACCOUNT.encode(), b'"%b-%d"' % (ACCOUNT.encode(), company))


async def measure(bench: Bench, events: int, repeats: int) -> list[Measured]:
    """Run the step `repeats` times on about so many events."""
    day, expected = sample_day()
    number = max(1, events // len(day))
    records = companies(day, number)
    return [await _run(bench, records, expected, number) for _ in range(repeats)]


async def _run(bench: Bench, records: list[Record], expected: set[bytes], number: int) -> Measured:
    prefix = f"bench-{uuid.uuid4().hex[:8]}"
    names = await make(bench.bootstrap, prefix, TOPICS)
    await fill(bench.producer, names[0], records)
    # One snapshot a key and chunk is written, so the outputs do not tell how far the step is; the commits do.
    command = [*DELIVER, bench.bootstrap, prefix, str(PARTITIONS), str(bench.folder)]
    async with process(command, bench.folder / f"{prefix}.log") as running:
        measured = await watch(running, committed(bench.admin, f"{prefix}.worker"), len(records), 120)
    found = await _snapshots(bench, names[1])
    wanted = {_of_company(answer, company) for company in range(number) for answer in expected}
    if found != wanted:
        raise NotEqual(f"{len(wanted - found)} of {len(wanted)} snapshots are other than in one process")
    await bench.admin.delete_topics(names)
    return measured


async def _snapshots(bench: Bench, topic: str) -> set[bytes]:
    newest: dict[bytes, bytes] = {}
    places = [TopicPartition(topic, partition) for partition in range(PARTITIONS)]
    bench.reader.assign(places)
    await bench.reader.seek_to_beginning(*places)
    ends = await bench.reader.end_offsets(places)
    while any([await bench.reader.position(place) < ends[place] for place in places]):
        for records in (await bench.reader.getmany(*places, timeout_ms=500)).values():
            newest |= {record.key: record.value for record in records}
    bench.reader.unsubscribe()
    return _answers(newest.values())


def _answers(values: Iterable[bytes | None]) -> set[bytes]:
    """Give the orders' snapshots; what a fold knows of time is left out: no tick is told here."""
    found = [read(Snapshot, value) for value in values]
    return {snapshot.encode() for snapshot in found if snapshot.scope == "order"}
