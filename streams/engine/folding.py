"""How a key is folded: by an event, by time, and what happens when its step fails.

A step that raises changes nothing: its event is dead-lettered. What is Rejected is the event's own fault; anything
else is a mistake of ours, and the third in a row, or any at a deadline, quarantines the key: its events wait, its
deadlines rest, a finding says so, until a higher version of the stage comes.
"""

from typing import Generic

from contracts.clock import BEFORE_TIME, Clock
from contracts.envelope import Event
from contracts.errors import Fatal, Rejected, Retryable
from contracts.topics import STATE_LIMIT
from streams.engine.deadlines import Deadlines, Wakes
from streams.engine.keyrecord import Rest, Waiting
from streams.engine.outgoing import ALWAYS_FITS, Carried, as_of_header, carried_by_stage, carried_from, fits
from streams.engine.segment import Segment
from streams.engine.stage import Outcome, P, Quarantine, S, Stage
from streams.engine.timekeeping import StageTime, instant, microseconds
from streams.engine.working import GROWTH, Cause, Working
from streams.engine.writes import SourceRecord, describe

FAILURES_LIMIT = 3
TIMELESS = Clock(BEFORE_TIME)
"""What a stage without state is told: it keeps no time either."""


class Folding(Generic[S, P]):
    """Folds the keys of one partition; what follows goes into `segment`."""

    def __init__(
        self,
        stage: Stage[S, P],
        policy: P,
        epoch: int,
        time: StageTime,
        deadlines: Deadlines,
        table: dict[bytes, bytes],
        segment: Segment[S],
    ) -> None:
        """Take what all folds of the partition share, and where the first of them goes."""
        self.segment = segment
        self._stage = stage
        self._step = stage.step
        self._policy = policy
        self._revision, self._version = policy.revision, stage.version
        self._epoch = epoch
        self._time = time
        self._deadlines = deadlines
        self._table = table

    def pass_through(self, record: SourceRecord, key: bytes, value: bytes) -> None:
        """Take a record at a stage without state."""
        try:
            outcome = self._stage.step(None, Event(key, value, record, record.headers), TIMELESS, self._policy)
            carried = carried_from(record.headers, record)
            for output in outcome.outputs:
                fits(output)
        except (Fatal, MemoryError):
            raise
        except Retryable as error:
            raise self._wrong("has a step that is not pure") from error
        except Exception as error:  # noqa: BLE001 - whatever a step raises is this record's fate, and is told there
            self.segment.bury(record, key, error)
            return
        if outcome.state is not None:
            raise self._wrong("answers with a state and declares none")
        self.segment.write(outcome.outputs, carried, self._through(record.offset), as_of_header(BEFORE_TIME), None)
        self.segment.apply(0)

    def event(self, working: Working[S], record: SourceRecord, value: bytes) -> None:
        """Take a record for a key."""
        known = working.record
        if known.epoch == self._epoch and record.offset <= known.through:
            self.segment.count("duplicate")
        elif known.rest is not None:
            self._wait(working, known.rest, record, value)
        else:
            known.epoch, known.through = self._epoch, record.offset
            self._apply(working, record, value)

    def wake(self, working: Working[S]) -> None:
        """Fold a key because time has passed, or its policy has changed; a failure quarantines it."""
        self._arm(working, ())
        clock = working.clock(self._time.now, self._time.clock)
        carried = carried_by_stage(self._stage.name, clock.now, working.record.origin, working.record.traceparent)
        working.note_time()
        try:
            outcome = self._stage.step(working.state, None, clock, self._policy)
            self._accept(working, outcome, carried, clock, 1024)
        except (Fatal, MemoryError):
            raise
        except Retryable as error:
            raise self._wrong("has a step that is not pure") from error
        except Exception as error:  # noqa: BLE001 - whatever a step raises is this key's fate, and is told there
            self._quarantine(working, error)
        self.segment.count("deadline")

    def retry(self, working: Working[S]) -> None:
        """Try a quarantined key again: time first, then its events in their order, until one quarantines it anew."""
        rest = working.record.rest
        if rest is None:
            return
        working.record.rest, working.record.failures, working.changed = None, 0, True
        if working.state is not None:
            self.wake(working)
        if not working.resting:
            self._tell(working, None)
        for position, waiting in enumerate(rest.waiting):
            if (again := working.resting) is not None:
                working.record.rest = Rest(again.since, again.error, rest.waiting[position:])
                return
            self._apply(working, waiting, waiting.value)

    def close(self, working: Working[S]) -> tuple[bytes, bytes | None] | None:
        """Close a key's record into the table, and give its changelog record, or None where nothing changed.

        Only here may it show that its state cannot be stored; then what was folded since it was opened is dead.
        """
        if not working.changed:
            return None
        try:
            stored = working.close()
        except (Fatal, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - as in a step
            self._undo(working, error)
            stored = working.close()
        if stored is None:
            return (working.key, None) if self._table.pop(working.key, None) is not None else None
        self._table[working.key] = stored
        return working.key, stored

    def _apply(self, working: Working[S], cause: Cause, value: bytes) -> None:
        clock = self._time.clock
        if self._time.now < working.record.as_of:
            clock = working.clock(self._time.now, clock)
        headers = cause.headers
        try:
            outcome = self._step(working.state, Event(working.key, value, cause, headers), clock, self._policy)
            carried = carried_from(headers, cause)
            self._accept(working, outcome, carried, clock, len(value))
        except (Fatal, MemoryError):
            raise
        except Retryable as error:
            raise self._wrong("has a step that is not pure") from error
        except Exception as error:  # noqa: BLE001 - whatever a step raises is this event's fate, and is told there
            self._fail(working, cause, error)
            return
        _, _, _, working.record.origin, working.record.traceparent = carried
        self.segment.apply(working.note(cause, value))

    def _wrong(self, what: str) -> Fatal:
        return Fatal(f"{self._stage.name} {what}", code="stage_wrong")

    def _accept(self, working: Working[S], outcome: Outcome[S], carried: Carried, clock: Clock, grown: int) -> None:
        outputs = outcome.outputs
        for output in outputs:
            if len(output.key) + len(output.id) + len(output.data or b"") > ALWAYS_FITS:
                fits(output)
        working.unmeasured += GROWTH * (grown + 64)
        if working.unmeasured > STATE_LIMIT:
            working.measure(outcome.state)
        wakes: Wakes = ()
        if outcome.wake_at:
            wakes = tuple((microseconds(wake.at), wake.rests_on) for wake in outcome.wake_at)
        if outcome.state is None and wakes:
            raise self._wrong("forgets a key and asks to be woken for it")
        working.state = outcome.state
        working.changed = True
        record = working.record
        if record.as_of < (now := self._time.now):
            record.as_of = now
        record.failures = 0
        record.policy_revision, record.version = self._revision, self._version
        if wakes != record.wakes:
            self._arm(working, wakes)
        if outputs:
            as_of = self._time.as_of if clock is self._time.clock else as_of_header(clock.now)
            self.segment.write(outputs, carried, b"%d.%d" % (record.epoch, record.through), as_of, working.key)

    def _arm(self, working: Working[S], wakes: Wakes) -> None:
        self._deadlines.arm(working.key, working.record.wakes, wakes)
        working.record.wakes = wakes

    def _through(self, offset: int, epoch: int | None = None) -> bytes:
        return b"%d.%d" % (self._epoch if epoch is None else epoch, offset)

    def _fail(self, working: Working[S], cause: Cause, error: Exception) -> None:
        working.changed = True
        self.segment.bury(cause, working.key, error)
        if not isinstance(error, Rejected):
            working.record.failures += 1
            if working.record.failures >= FAILURES_LIMIT:
                self._quarantine(working, error)

    def _quarantine(self, working: Working[S], error: Exception) -> None:
        self._arm(working, ())
        working.record.rest = Rest(max(self._time.now, working.record.as_of), describe(error))
        working.record.version = self._stage.version
        working.changed = True
        self.segment.count("quarantined")
        self._tell(working, working.record.rest)

    def _tell(self, working: Working[S], rest: Rest | None) -> None:
        """Write what the stage says of a quarantine. Where even that fails, the stored reason says so."""
        if self._stage.quarantined is None:
            return
        clock = working.clock(self._time.now, self._time.clock)
        why = None if rest is None else Quarantine(instant(rest.since), rest.error, len(rest.waiting))
        carried = carried_by_stage(self._stage.name, clock.now, working.record.origin, working.record.traceparent)
        try:
            outputs = self._stage.quarantined(working.key, working.state, why, clock, self._policy)
            for output in outputs:
                fits(output)
        except Exception as error:  # noqa: BLE001 - a second mistake must not stop the partition that the first did not
            self.segment.count("quarantine_untold")
            if rest is not None:
                working.record.rest = Rest(
                    rest.since, f"{rest.error}; and its finding: {describe(error)}", rest.waiting
                )
            return
        through = self._through(working.record.through, working.record.epoch)
        self.segment.write(outputs, carried, through, as_of_header(clock.now), working.key)

    def _wait(self, working: Working[S], rest: Rest, record: SourceRecord, value: bytes) -> None:
        working.record.epoch, working.record.through, working.changed = self._epoch, record.offset, True
        waiting = Waiting(record.topic, record.partition, record.offset, value, tuple(record.headers))
        kept = len(working.record.state or b"") + sum(other.size for other in rest.waiting)
        if kept + waiting.size > STATE_LIMIT:
            full = Rejected("its key is quarantined, and no more events can wait for it", code="quarantine_full")
            self.segment.bury(record, working.key, full)
            return
        working.record.rest = Rest(rest.since, rest.error, (*rest.waiting, waiting))
        self.segment.count("waiting")

    def _undo(self, working: Working[S], error: Exception) -> None:
        """Take back what cannot be stored.

        What was already written for it stands ahead of the state, as after a crash; readers know that by the stamp.
        """
        causes = working.revert()
        self._arm(working, working.stored_wakes() if working.record.rest is None else ())
        for cause in causes:
            if cause is not None:
                self.segment.applied -= 1
                self._fail(working, cause, error)
        if None in causes and working.record.rest is None:
            self._quarantine(working, error)
