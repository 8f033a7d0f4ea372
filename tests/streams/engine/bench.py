"""A core at work, to be told and looked at: what it took, what it wrote, and what it comes to when it is begun anew."""

import itertools
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from contracts.envelope import ReadHeader
from contracts.ticks import TICK_TYPE, Tick
from contracts.topics import DEAD_LETTERS, SNAPSHOTS, Topic
from streams.engine.core import PartitionCore
from streams.engine.keyrecord import KeyRecord, read_key
from streams.engine.replay import Stored
from streams.engine.stage import Stage
from streams.engine.writes import Writes, Written
from tests.streams.engine import toys
from tests.streams.engine.toys import NOON, Rules, headers_of

MINUTE = timedelta(minutes=1)
AnyStage = Stage[Any, Rules]


class Bench:
    """One core with a partition of its own, its changelog, and what it wrote."""

    def __init__(self, stage: AnyStage, rules: Rules | None = None, *, partitions: int = 1, epoch: int = 1) -> None:
        self.stage, self.rules, self.partitions, self.epoch = stage, rules or Rules(), partitions, epoch
        self.changelog: list[tuple[bytes, bytes | None]] = []
        self.outputs: dict[str, list[Written]] = {}
        self.ticks: list[Tick] = []
        self.counts: dict[str, int] = {}
        self.offset = itertools.count()
        self.core = self.restart()

    def restart(self, stage: AnyStage | None = None, rules: Rules | None = None) -> PartitionCore[Any, Rules]:
        self.stage, self.rules = stage or self.stage, rules or self.rules
        self.core = PartitionCore(
            self.stage,
            self.rules,
            partition=0,
            partitions=self.partitions,
            epoch=self.epoch,
            route=toys.ROUTE,
        )
        for key, value in list(self.changelog):
            self.core.recover(key, value)
        self.keep(self.core.resume(NOON))
        return self.core

    def keep(self, all_writes: Iterable[Writes]) -> list[Writes]:
        kept = []
        for writes in all_writes:
            kept.append(writes)
            self.changelog += writes.changelog
            for (topic, _), batch in writes.outputs.items():
                self.outputs.setdefault(topic, []).extend(batch)
            passed = [written.value for batch in writes.ticks.values() for written in batch]
            self.ticks += [Tick.decode(value) for value in dict.fromkeys(passed)]
            for outcome, number in writes.counts.items():
                self.counts[outcome] = self.counts.get(outcome, 0) + number
        return kept

    def record(
        self, data: bytes | None, key: bytes | None = b"k", headers: Sequence[ReadHeader] | None = None
    ) -> Stored:
        offset = next(self.offset)
        return Stored("documents", 0, offset, key, data, headers_of(f"e{offset}") if headers is None else headers)

    def tick(
        self,
        at: datetime,
        *,
        every: float = 0.0,
        source: str = "normalise",
        partition: int = 0,
        heard: dict[str, datetime] | None = None,
    ) -> Stored:
        tick = Tick(source, at, {"ingress": at} if heard is None else heard, every, partition)
        return self.record(tick.encode(), None, [("ce_type", TICK_TYPE.encode())])

    def take(self, *data: bytes | Stored | None, key: bytes = b"k") -> list[Writes]:
        chunk = [each if isinstance(each, Stored) else self.record(each, key) for each in data]
        return self.keep(self.core.take(chunk, NOON))

    def said(self, topic: Topic = SNAPSHOTS) -> list[bytes]:
        return [written.value or b"" for written in self.outputs.get(topic.name, [])]

    def dead(self) -> list[dict[str, bytes | None]]:
        return [dict(written.headers) for written in self.outputs.get(DEAD_LETTERS.name, [])]

    def stored(self, key: bytes = b"k") -> KeyRecord:
        return read_key(self.core.table[key])
