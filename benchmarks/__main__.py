"""`python -m benchmarks`: the tables, as Markdown, on standard output."""

import argparse
import asyncio
import logging
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from benchmarks import cost, counting, deliver, mapping, recovery
from benchmarks.counting import Bench, Contender
from benchmarks.running import Measured, TooShort
from desk.broker import running_broker

PARTS = ("counting", "deliver", "recovery", "cost", "mapping")
PEERS = tuple(name for name in counting.contenders() if name != counting.ENGINE)
IN_PROCESS = {"cost", "mapping"}
TO_REACH = "to reach: 20 times stock Faust, 0.65 of the ceiling; the aim is 0.8"


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all if left out")
    parser.add_argument("--events", type=int, default=200_000, help="events of a counting run")
    parser.add_argument("--keys", type=int, default=100_000, help="keys that are recovered")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each contender, in turn")
    parser.add_argument(
        "--peer", action="append", choices=PEERS, help="beside whom the engine counts; all if left out; may be repeated"
    )
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it tells of every topic that is deleted after its run
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # standard output is for the tables
    parts = asked.parts or PARTS
    if set(parts) - IN_PROCESS:
        try:
            _on_a_broker(parts, asked)
        except TooShort as error:
            parser.exit(1, f"{parser.prog}: {error}\n")
    if "cost" in parts:
        _show_cost("a delivery's facts", cost.by_facts(asked.repeats))
        _show_cost("open deliveries", cost.by_open_deliveries(asked.repeats))
    if "mapping" in parts:
        _show_mapping(mapping.measure(asked.repeats))


def _on_a_broker(parts: Sequence[str], asked: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="quayside-bench-") as folder:
        print("starting a Kafka of its own for the benchmarks", flush=True)
        with running_broker(Path(folder) / "broker") as broker:
            asyncio.run(_measure(broker.bootstrap, Path(folder), parts, asked))


async def _measure(bootstrap: str, folder: Path, parts: Sequence[str], asked: argparse.Namespace) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    writer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", max_batch_size=512 * 1024, max_request_size=4 * 1024 * 1024
    )
    reader = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    async with writer, reader:
        bench = Bench(bootstrap, admin, writer, reader, folder)
        if "counting" in parts:
            _show_counting(await counting.measure(bench, asked.events, asked.repeats, asked.peer or PEERS))
        if "deliver" in parts:
            _show_deliver(await deliver.measure(bench, asked.events // 10, asked.repeats))
        if "recovery" in parts:
            _show_recovery(await recovery.measure(bench, asked.keys, asked.repeats))
    await admin.close()


def _show_counting(contenders: dict[str, Contender]) -> None:
    engine = contenders[counting.ENGINE]
    _table(
        "Counting: state, changelog and output",
        ["", "events/s", "spread", "us CPU/event", "spread", "engine is … times as fast", "by CPU"],
        [
            [
                contender.name,
                *_spread([run.rate for run in contender.runs], ",.0f"),
                *_spread([run.cost for run in contender.runs], ".1f"),
                f"{_median(engine.runs, 'rate') / _median(contender.runs, 'rate'):.2f}",
                f"{_median(contender.runs, 'cost') / _median(engine.runs, 'cost'):.2f}",
            ]
            for contender in contenders.values()
        ],
    )
    if ceiling := contenders.get(counting.CEILING):
        share = _median(engine.runs, "rate") / _median(ceiling.runs, "rate")
        print(f"\nThe engine reaches {share:.2f} of the ceiling ({TO_REACH}).", flush=True)


def _show_deliver(runs: list[Measured]) -> None:
    _table(
        "The deliver step on the sample day's events",
        ["events", "events/s", "spread", "us CPU/event", "spread"],
        [
            [
                f"{runs[0].total:,}",
                *_spread([run.rate for run in runs], ",.0f"),
                *_spread([run.cost for run in runs], ".0f"),
            ]
        ],
    )


def _show_recovery(measured: list[recovery.Kept]) -> None:
    _table(
        f"Recovery of {measured[0].runs[0].records:,} keys",
        [
            "a key is",
            "bytes",
            "records/s",
            "spread",
            "seconds",
            "spread",
            "first events after",
            "spread",
            "resident MiB",
        ],
        [
            [
                kept.name,
                f"{kept.bytes:,.0f}",
                *_spread([run.records / run.seconds for run in kept.runs], ",.0f"),
                *_spread([run.seconds for run in kept.runs], ".2f"),
                *_spread([run.answered_seconds for run in kept.runs], ".2f"),
                f"{statistics.median(run.resident_mib for run in kept.runs):.0f}",
            ]
            for kept in measured
        ],
    )


def _show_cost(by: str, costs: list[cost.Cost]) -> None:
    _table(
        f"The deliver step in process, by the number of {by}",
        ["", "us CPU/event", "spread", "bytes/delivery"],
        [[f"{one.size:,}", *_spread(list(one.microseconds), ".0f"), f"{one.bytes:,.0f}"] for one in costs],
    )


def _show_mapping(measured: list[mapping.Mapping]) -> None:
    head = ["", "events/s", "spread", "us CPU/payload", "spread", "plain: us CPU/payload", "spread"]
    _table(
        "Mapping, beside plain JSON parsing of the same payload into a pydantic model",
        [*head, "as fast as plain", "spread"],
        [
            [
                one.name,
                *_spread([one.events * 1e6 / span for span in one.microseconds], ",.0f"),
                *_spread(list(one.microseconds), ".1f"),
                *(_spread(list(one.plain), ".1f") if one.ratios else ("not JSON", "")),
                *(_spread(list(one.ratios), ".2f") if one.ratios else ("", "")),
            ]
            for one in measured
        ],
    )
    slow = [one.name for one in measured if one.ratios and statistics.median(one.ratios) < mapping.FLOOR]
    print(f"\nto reach: {mapping.FLOOR:.2f} of plain parsing; below it: {', '.join(slow) or 'none'}", flush=True)


def _median(runs: list[Measured], what: Literal["rate", "cost"]) -> float:
    return statistics.median(run.rate if what == "rate" else run.cost for run in runs)


def _spread(values: list[float], form: str) -> tuple[str, str]:
    return f"{statistics.median(values):{form}}", f"{min(values):{form}} to {max(values):{form}}"


def _table(title: str, head: list[str], rows: list[list[str]]) -> None:
    lines = [f"\n## {title}\n", *(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))]
    print("\n".join(lines), flush=True)


if __name__ == "__main__":
    main()
