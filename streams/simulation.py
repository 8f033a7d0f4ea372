"""Canonical events in, what would be noticed and wanted out: all stages in one process, on a clock of their own.

Everything is heard all the time, so that what a simulation shows follows from its events alone. It is deterministic:
the same events give the same lines.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.clock import INGRESS, poller_source
from contracts.errors import Fatal
from contracts.identity import digest
from contracts.model import read
from contracts.policy import Policy
from contracts.raw import RawRequest
from contracts.snapshot import Snapshot
from contracts.topics import DEAD_LETTERS, INBOUND, SNAPSHOTS, Topic
from streams.dead_letters.letter import read_letter
from streams.engine.replay import Replay, Stored
from streams.stages import cases, deliver, documents, lanes, resolve
from streams.stages.normalise import OURSELVES, Connectors, normalise

LOOKS_AHEAD = timedelta(days=90) - timedelta.resolution
"""How far past the last event a simulation goes by itself: not so far that facts are dropped by their age."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One canonical event as it was received: `{"type": …, "data": …}` as JSON, from the account it names.

    place: where it stands for whoever tells it (`FILE:LINE`).
    """

    received_at: datetime
    account: str
    body: bytes
    place: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """At an instant, a snapshot that says something else than the one before it."""

    at: datetime
    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class Refused:
    """At an instant, an event that a stage refused, or what followed from it, and why. event: by its place."""

    at: datetime
    event: str
    reason: str


class Simulation:
    """The stages and their clock. `events` are told in the order of their receipt."""

    def __init__(self, events: Iterable[Heard], policy: Policy) -> None:
        """Begin before the first event."""
        self._events = sorted(events, key=lambda event: event.received_at)
        accounts = {event.account for event in self._events}
        self._policy = policy.model_copy(update={"pollers": tuple(sorted(accounts | set(policy.pollers)))})
        stages: list[Any] = [
            normalise(Connectors(), lambda _: None),
            documents.STAGE,
            resolve.STAGE,
            cases.STAGE,
            deliver.STAGE,
            lanes.STAGE,
        ]
        self._replay = Replay(stages, self._policy)
        self._sources = (INGRESS, *(poller_source(account) for account in self._policy.pollers))
        self._told: dict[str, Heard] = {}
        self._said: dict[tuple[str, str, str], str] = {}
        self._read = {SNAPSHOTS: 0, DEAD_LETTERS: 0}

    def run(self, until: datetime | None = None) -> Iterator[Change | Refused]:
        """Tell every change, to `until`, or until nothing is armed any more (within 90 days of the last event)."""
        for event in self._events:
            if until is not None and event.received_at > until:
                break
            yield from self._advance(event.received_at)
            yield from self._tell(event)
        if until is not None:
            yield from self._advance(until)
        elif self._events:
            yield from self._fall_due(_ahead(self._events[-1].received_at))

    def final(self) -> list[Snapshot]:
        """Give the newest snapshot of each key, by key."""
        return [read(Snapshot, record.value) for _, record in sorted(self._replay.latest(SNAPSHOTS).items())]

    def _tell(self, event: Heard) -> Iterator[Change | Refused]:
        raw = RawRequest(OURSELVES, event.account, event.body, event.received_at, "application/json")
        key, value, headers = raw.record()
        origin = self._replay.put(INBOUND, key, value, headers)
        self._told[str(origin)] = event
        yield from self._hear(event.received_at)

    def _advance(self, to: datetime) -> Iterator[Change | Refused]:
        yield from self._fall_due(to)
        yield from self._hear(to)

    def _fall_due(self, to: datetime) -> Iterator[Change | Refused]:
        """Let each deadline up to `to` fall due at its own instant; one armed too late, once time moves."""
        before: datetime | None = None
        while (due := self._replay.next_deadline()) is not None and due <= to and self._replay.at < to:
            if before is not None and due <= before:
                raise Fatal(f"a deadline at {due} does not move on", code="deadline_stuck")
            before = max(due, self._replay.at + timedelta.resolution)
            yield from self._hear(before)

    def _hear(self, at: datetime) -> Iterator[Change | Refused]:
        for source in self._sources:
            self._replay.tick(source, at, every=0)
        self._replay.settle()
        for record in self._unread(DEAD_LETTERS):
            yield self._refused(at, record)
        for record in self._unread(SNAPSHOTS):
            snapshot = read(Snapshot, record.value)
            name = (snapshot.account, snapshot.scope, snapshot.subject)
            said = digest(snapshot.encode())
            if self._said.get(name) != said:
                self._said[name] = said
                yield Change(at, snapshot)

    def _refused(self, at: datetime, record: Stored) -> Refused:
        letter = read_letter(record)
        origin = (dict(record.headers).get("ce_origin") or letter.origin.encode()).decode()
        return Refused(at, self._told[origin].place, letter.reason)

    def _unread(self, topic: Topic) -> list[Stored]:
        written = self._replay.written(topic)
        unread = written[self._read[topic] :]
        self._read[topic] = len(written)
        return unread


def _ahead(last: datetime) -> datetime:
    return last + min(LOOKS_AHEAD, datetime.max.replace(tzinfo=UTC) - last)
