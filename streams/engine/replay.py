"""All stages in one process, without a broker: the same cores, their records handed on in memory.

    replay = Replay([NORMALISE, DOCUMENTS, RESOLVE, DELIVER], policy)
    replay.put(INBOUND, key, value, headers)
    replay.tick("ingress", now, every=15.0)
    replay.settle()
    replay.latest(SNAPSHOTS)          # the newest record of each key, by its stamp

Between stages records are taken in the order that `choose` picks, one queue (stage and partition) at a time, so that
a test can draw every interleaving that Kafka allows. `restart` throws a stage's memory away and recovers it from its
changelog, as a new process would.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from contracts.clock import BEFORE_TIME
from contracts.envelope import NO_STAMP, Envelope, Origin, ReadHeader, Stamp
from contracts.ticks import TICK_TYPE, Tick
from contracts.topics import INBOUND, Topic
from streams.engine.core import PartitionCore
from streams.engine.placement import partition_of
from streams.engine.stage import Policy, Stage
from streams.engine.timekeeping import HOUSE, TimeRoute
from streams.engine.writes import Writes, Written, records


class Stored(NamedTuple):
    """A record of the replay."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[ReadHeader]

    @property
    def origin(self) -> Origin:
        """Where it stands."""
        return Origin(self.topic, self.partition, self.offset)


@dataclass(slots=True)
class _Log:
    """One partition of a topic, and how far its stage has read."""

    records: list[Stored] = field(default_factory=list)
    read: int = 0


class Replay:
    """The stages, their topics and their changelogs, in memory."""

    def __init__(
        self,
        stages: Sequence[Stage[Any, Any]],
        policy: Policy,
        *,
        partitions: int = 1,
        chunk: int = 500,
        choose: Callable[[int], int] = lambda _: 0,
        route: TimeRoute = HOUSE,
    ) -> None:
        """Begin empty. choose: given how many queues have records, says which is read next, by chunks of `chunk`."""
        self.at = BEFORE_TIME
        self.counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self._stages = {stage.source.name: stage for stage in stages}
        self._policy = policy
        self._partitions = partitions
        self._chunk = chunk
        self._choose = choose
        self._route = route
        self._logs: dict[tuple[str, int], _Log] = defaultdict(_Log)
        self._changelogs: dict[tuple[str, int], dict[bytes, bytes]] = defaultdict(dict)
        self._cores: dict[tuple[str, int], PartitionCore[Any, Any]] = {}
        for stage in stages:
            self.restart(stage)

    def restart(self, stage: Stage[Any, Any], policy: Policy | None = None) -> None:
        """Put `stage`, perhaps of a higher version or under another policy, in the place of the one of its name."""
        self._policy = policy or self._policy
        self._stages[stage.source.name] = stage
        for partition in range(self._partitions):
            core = self._cores[stage.source.name, partition] = PartitionCore(
                stage,
                self._policy,
                partition=partition,
                partitions=self._partitions,
                route=self._route,
            )
            for key, value in self._changelogs[stage.name, partition].items():
                core.recover(key, value)
            self._write(stage, partition, core.resume(self.at))
            while core.to_refold:
                self._write(stage, partition, core.refold(self._chunk, self.at))

    def put(
        self,
        topic: Topic,
        key: bytes | None,
        value: bytes | None,
        headers: Sequence[ReadHeader],
        *,
        partition: int | None = None,
    ) -> Origin:
        """Write a record where its key belongs, or into `partition`; give its place."""
        if partition is None:
            partition = 0 if topic.single or key is None else partition_of(key, self._partitions)
        return self._append(topic.name, partition, Written(key, value, list(headers)))

    def tick(self, source: str, now: datetime, every: float = 15.0) -> None:
        """Tick as `source` into each partition of `inbound`; the wall clock shows `now` from here on."""
        self.at = max(self.at, now)
        tick = Tick.of_source(source, now, every).encode()
        for partition in range(self._partitions):
            self._append(INBOUND.name, partition, Written(None, tick, [("ce_type", TICK_TYPE.encode())]))

    def settle(self) -> None:
        """Let the stages read until nothing is left to read."""
        while waiting := [place for place in self._cores if self._logs[place].read < len(self._logs[place].records)]:
            topic, partition = place = waiting[self._choose(len(waiting))]
            log = self._logs[place]
            chunk = log.records[log.read : log.read + self._chunk]
            log.read += len(chunk)
            self._write(self._stages[topic], partition, self._cores[place].take(chunk, self.at))

    def next_deadline(self) -> datetime | None:
        """Give the earliest instant at which an answer of any stage changes by itself."""
        armed = (core.next_deadline for core in self._cores.values())
        return min((at for at in armed if at is not None), default=None)

    def written(self, topic: Topic) -> list[Stored]:
        """Give all records of a topic, each partition's in its order."""
        return [record for (name, _), log in sorted(self._logs.items()) if name == topic.name for record in log.records]

    def changelog(self, stage: str) -> dict[bytes, bytes]:
        """Give all that a stage's changelog holds."""
        return {
            key: value for (name, _), held in self._changelogs.items() if name == stage for key, value in held.items()
        }

    def latest(self, topic: Topic) -> dict[bytes, Stored]:
        """Give the newest record of each key as a reader of the topic holds it: a lower stamp is skipped."""
        held: dict[bytes, Stored] = {}
        stamps: dict[bytes, Stamp] = defaultdict(lambda: NO_STAMP)
        for record in self.written(topic):
            if record.key is not None:
                stamp = Envelope.read(record.headers).stamp
                if stamp >= stamps[record.key]:
                    stamps[record.key] = stamp
                    held[record.key] = record
        return held

    def _append(self, topic: str, partition: int, record: Written) -> Origin:
        log = self._logs[topic, partition].records
        stored = Stored(topic, partition, len(log), record.key, record.value, record.headers)
        log.append(stored)
        return stored.origin

    def _write(self, stage: Stage[Any, Any], partition: int, all_writes: Iterable[Writes]) -> None:
        changelog = self._changelogs[stage.name, partition]
        for writes in all_writes:
            for batches in (writes.outputs, writes.ticks):
                for topic, place, record in records(batches):
                    self._append(topic, place, record)
            for key, value in writes.changelog:
                if value is None:
                    changelog.pop(key, None)
                else:
                    changelog[key] = value
            for outcome, number in writes.counts.items():
                self.counts[stage.name][outcome] += number
