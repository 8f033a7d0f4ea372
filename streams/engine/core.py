"""One owned partition of one stage: records in, writes out. No Kafka, no wall clock, no I/O.

    core = PartitionCore(stage, policy, partition=0, partitions=4)
    for key, value in changelog_records:            # 1. what was stored, in the changelog's order
        core.recover(key, value)
    for writes in core.resume(at):                  # 2. what fell due; retries of quarantined keys
        ...
    for writes in core.take(records, at):           # 3. again and again: a chunk of consecutive records
        ...                                         #    write each `Writes` durably, in order; then acknowledge
    for writes in core.refold(100, at):             # 4. between chunks: keys that an older policy folded
        ...

`Writes` come in the order in which they must become durable, and inside each: outputs (with the dead letters), then
the changelog, then ticks. One that says `more` holds outputs only, and is durable early enough with the next. `at` is
the wall clock's time; it is only written on dead letters. The worker does this on Kafka (`streams.engine.worker`),
`streams.engine.replay` in one process without.

What a core promises: a record is folded once for its key (`through`), an event's failure changes nothing but its own
fate, time is followed between records, and every `Writes` is bounded, however many deadlines are due.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Generic

from contracts.clock import BEFORE_TIME, Clock
from contracts.errors import Fatal, Rejected
from contracts.ticks import Tick
from streams.engine.deadlines import Deadlines
from streams.engine.folding import Folding
from streams.engine.keyrecord import MARKS_KEY, KeyRecord, MarksRecord, read_key, read_marks
from streams.engine.placement import partition_of
from streams.engine.segment import OUTPUTS_TOGETHER, Segment
from streams.engine.stage import P, S, Stage, StateFormat
from streams.engine.timekeeping import HOUSE, Relay, StageTime, TimeRoute, instant
from streams.engine.warm import Warm
from streams.engine.working import Working
from streams.engine.writes import SourceRecord, Writes, add_dead, is_tick, tick_batches

_NO_STATE: StateFormat[Any] = StateFormat(0, bytes, bytes)
"""Stands where a stage keeps no state, and no key is ever opened."""


class PartitionCore(Generic[S, P]):
    """What one owned partition of a stage knows: its table, its deadlines, its time."""

    def __init__(
        self,
        stage: Stage[S, P],
        policy: P,
        *,
        partition: int,
        partitions: int,
        epoch: int = 1,
        route: TimeRoute = HOUSE,
    ) -> None:
        """Begin empty. `route` says whose time the stage waits for and where it passes time on."""
        self.stage = stage
        self.partition = partition
        self.table: dict[bytes, bytes] = {}
        self.time = StageTime(route.upstreams.get(stage.name, ()), partitions)
        self._policy = policy
        self._format: StateFormat[S] = stage.state or _NO_STATE
        self._partitions = partitions
        self._epoch = epoch
        self._time_goes_to = route.goes_to.get(stage.name, ())
        self._relay = Relay()
        self._deadlines = Deadlines()
        self._folding = Folding(stage, policy, epoch, self.time, self._deadlines, self.table, self._begin())
        self._warm: Warm[S] = Warm()
        self._outdated: deque[bytes] = deque()
        self._held: dict[bytes, tuple[int, int, int]] = {}
        self._overwritten: set[bytes] = set()
        self._marks_through: int | None = None
        self._passed = Clock(BEFORE_TIME)

    def recover(self, key: bytes, value: bytes | None) -> None:
        """Take a changelog record; where a lower one follows a higher, the higher stays, and is written again.

        Raises Fatal where this version, or this `kafka.epoch`, cannot read it.
        """
        if value is None:
            self.table.pop(key, None)
            self._held.pop(key, None)
            self._overwritten.discard(key)
            return
        order = (read_marks(value) if key == MARKS_KEY else read_key(value)).order
        if order[0] > self._epoch:
            raise Fatal(
                f"{self.stage.name} has state of epoch {order[0]}, and kafka.epoch says {self._epoch}",
                code="epoch_fell",
            )
        held = self._held.get(key)
        if held is not None and order < held:
            self._overwritten.add(key)
            return
        self._held[key] = order
        self.table[key] = value
        self._overwritten.discard(key)

    def resume(self, at: datetime) -> Iterator[Writes]:
        """Begin, once all of the changelog was recovered.

        What a stopped process wrote over is written again; deadlines are armed, and judged where they had fallen due
        by the time that was stored; quarantined keys of an older version are tried; and the time is passed on once
        more, in case it was stored and not passed on.
        """
        if self._overwritten:
            yield Writes(changelog=[(key, self.table[key]) for key in sorted(self._overwritten)])
        self._overwritten.clear()
        self._held.clear()
        if (marks := self.table.pop(MARKS_KEY, None)) is not None:
            self.time.recover(read_marks(marks).by_place())
        retry = [key for key, value in self.table.items() if self._index(key, read_key(value))]
        for key in retry:
            self._folding.retry(self._open(key))
            if self._segment.full:
                yield self._hand_out(at)
        yield from self._judge_deadlines(at)
        yield from self._finish(at)

    def take(self, records: Iterable[SourceRecord], at: datetime) -> Iterator[Writes]:
        """Take consecutive records of the partition, each looked at once, as they come.

        Acknowledge them once the last `Writes` is durable.
        """
        folding, stateless = self._folding, self.stage.state is None
        for record in records:
            key, value = record.key, record.value
            if key is None:
                yield from self._tick(record, at)
            elif value is None:
                self._segment.bury(record, key, Rejected("a tombstone says nothing that happened", code="tombstone"))
            elif stateless:
                folding.pass_through(record, key, value)
            elif (working := folding.segment.hot.get(key) or self._find(key)) is not None:
                folding.event(working, record, value)
            else:
                self._segment.bury(record, key, self._foreign(key))
            if folding.segment.full:
                yield self._hand_out(at)
            elif folding.segment.placed >= OUTPUTS_TOGETHER:
                yield Writes(folding.segment.hand_on(), more=True)
        yield from self._finish(at)

    def refold(self, limit: int, at: datetime) -> Iterator[Writes]:
        """Fold up to `limit` keys again that a policy of a lower revision folded last."""
        for _ in range(min(limit, len(self._outdated))):
            key = self._outdated.popleft()
            if key in self.table:
                working = self._open(key)
                if working.resting is None and working.record.policy_revision < self._policy.revision:
                    self._folding.wake(working)
        yield from self._finish(at)

    @property
    def next_deadline(self) -> datetime | None:
        """The earliest instant at which an answer changes by itself, whatever it rests on."""
        earliest = self._deadlines.earliest()
        return None if earliest is None else instant(earliest)

    @property
    def to_refold(self) -> int:
        """How many keys wait for `refold`."""
        return len(self._outdated)

    @property
    def _segment(self) -> Segment[S]:
        return self._folding.segment

    def _index(self, key: bytes, record: KeyRecord) -> bool:
        """Arm a recovered key; tell whether it is quarantined and to be tried again."""
        self._deadlines.arm(key, (), record.wakes)
        if record.rest is not None:
            return record.version < self.stage.version
        if record.state is not None and record.policy_revision < self._policy.revision:
            self._outdated.append(key)
        return False

    def _open(self, key: bytes) -> Working[S]:
        """Open a key that is known."""
        working = self._segment.hot.get(key) or self._find(key)
        if working is None:
            raise Fatal(f"{self.stage.name} has a deadline for a key that it does not hold", code="engine_wrong")
        return working

    def _find(self, key: bytes) -> Working[S] | None:
        """Open a key that is not open yet; None where it belongs to another partition."""
        working = self._warm.find(key)
        if working is None:
            stored = self.table.get(key)
            if stored is None and (key == MARKS_KEY or partition_of(key, self._partitions) != self.partition):
                return None
            working = Working(key, stored, self._epoch, self._format)
        self._folding.segment.open(working)
        return working

    def _foreign(self, key: bytes) -> Rejected:
        there = partition_of(key, self._partitions)
        return Rejected(f"its key belongs to partition {there}, not to {self.partition}", code="foreign_key")

    def _tick(self, record: SourceRecord, at: datetime) -> Iterator[Writes]:
        if not is_tick(record):
            self._segment.bury(record, None, Rejected("neither a key nor the type of a tick", code="null_key"))
            return
        try:
            tick = Tick.decode(record.value)
            if self.stage.state is None:
                self._relay.follow(tick)
                changed = grew = False
            else:
                changed, grew = self.time.follow(tick)
        except Rejected as error:
            self._segment.bury(record, None, error)
            return
        self._segment.count("tick")
        if changed:
            self._marks_through = record.offset
        if grew:
            yield from self._judge_deadlines(at)

    def _judge_deadlines(self, at: datetime) -> Iterator[Writes]:
        for key in self._deadlines.due(self.time.now, self.time.heard):
            self._folding.wake(self._open(key))
            if self._segment.full:
                yield self._hand_out(at)

    def _hand_out(self, at: datetime) -> Writes:
        """Close all open keys and give what is to be written for them."""
        segment = self._segment
        close = self._folding.close
        closed = [entry for working in segment.hot.values() if (entry := close(working)) is not None]
        outputs = segment.batches()
        add_dead(outputs, segment.dead, self.stage.name, at, self._partitions)
        self._warm.keep(segment.hot, segment.opened)
        self._folding.segment = self._begin()
        return Writes(outputs, closed, {}, segment.counts)

    def _begin(self) -> Segment[S]:
        return Segment(self.partition, self._partitions)

    def _finish(self, at: datetime) -> Iterator[Writes]:
        """Hand out the last of a chunk: with it go the marks, and the time that is now behind all that was written."""
        writes = self._hand_out(at)
        if self._marks_through is not None:
            marks = tuple((stage, partition, mark) for (stage, partition), mark in self.time.marks.items())
            writes.changelog.append((MARKS_KEY, MarksRecord(self._epoch, self._marks_through, marks).encode()))
            self._marks_through = None
        writes.ticks = tick_batches(self._ticks(), self._time_goes_to, self._partitions)
        if writes or writes.counts:
            yield writes

    def _ticks(self) -> Sequence[Tick]:
        if self.stage.state is None:
            return [
                Tick(self.stage.name, tick.now, tick.heard, tick.every, self.partition) for tick in self._relay.take()
            ]
        clock = self.time.clock
        if clock == self._passed:
            return []
        self._passed = clock
        return [Tick(self.stage.name, clock.now, dict(clock.heard), partition=self.partition)]
