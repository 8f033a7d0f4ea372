"""Toy stages for the engine's tests: a counter, an alarm that silence sets off, and a relay without state."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from contracts.clock import INGRESS, Clock, poller_source
from contracts.envelope import Envelope, Event, Headers
from contracts.errors import Rejected
from contracts.topics import DOCUMENTS, INBOUND, SNAPSHOTS, TRACKING, Topic
from streams.engine.stage import Outcome, Output, Quarantine, Stage, StateFormat, Wake
from streams.engine.timekeeping import TimeRoute

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LIMIT = timedelta(hours=1)
"""How long the alarm bears silence."""


@dataclass(frozen=True, slots=True)
class Rules:
    """A policy with nothing in it but its revision."""

    revision: int = 1

    @property
    def fingerprint(self) -> str:
        return f"rules-{self.revision}"


class Count(msgspec.Struct, array_like=True):
    key: bytes
    number: int
    padding: bytes = b""


class Silence(msgspec.Struct, array_like=True):
    key: bytes
    last: datetime
    fragile: bool = False
    number: int = 0


def headers_of(identity: str, *, type_: str = "toy.v1", at: datetime = NOON) -> Headers:
    return Envelope(id=identity, type=type_, source="test/toys", time=at, received_at=at).headers()


def count(state: Count | None, event: Event | None, clock: Clock, rules: Rules) -> Outcome[Count]:
    """Count a key's events. Data says what goes wrong: `boom`, `wrong`, `grow N`, `shout N`, `forget`."""
    del clock
    if event is None:
        assert state is not None
        return Outcome(state, (_said(SNAPSHOTS, state.key, b"revision %d" % rules.revision),))
    before = state or Count(event.key, 0)
    if event.data.startswith(b"boom"):
        raise ZeroDivisionError
    if event.data == b"wrong":
        raise Rejected("it says wrong", code="wrong", path="$.word")
    if event.data == b"forget":
        return Outcome(None)
    after = Count(event.key, before.number + 1, before.padding)
    said = b"%d" % after.number
    if event.data.startswith(b"grow "):
        after.padding = bytes(int(event.data[5:]))
    if event.data.startswith(b"shout "):
        said = bytes(int(event.data[6:]))
    return Outcome(after, (_said(SNAPSHOTS, event.key, said),))


def watch(state: Silence | None, event: Event | None, clock: Clock, rules: Rules) -> Outcome[Silence]:
    """Raise the alarm when a key is silent for an hour while its source was heard; an event clears it.

    Keys that begin with `polled` rest on a poller, all others on ingress. After the data `fragile` a deadline raises.
    """
    del rules
    if event is not None:
        known = state or Silence(event.key, event.envelope.time)
        state = Silence(event.key, max(known.last, event.envelope.time), event.data == b"fragile", known.number + 1)
    assert state is not None
    if event is None and state.fragile:
        raise ZeroDivisionError
    source = poller_source("erp") if state.key.startswith(b"polled") else INGRESS
    due = state.last + LIMIT
    raised = clock.heard_all((source,)) >= due
    said = _said(SNAPSHOTS, state.key, msgspec.json.encode({"number": state.number, "raised": raised}))
    return Outcome(state, (said,), () if raised else (Wake(due, (source,)),))


def rest(
    key: bytes, state: Count | None, quarantine: Quarantine | None, clock: Clock, rules: Rules
) -> tuple[Output, ...]:
    del state, clock, rules
    return (_said(SNAPSHOTS, key, b"resting" if quarantine else b"awake"),)


def relay(state: None, event: Event | None, clock: Clock, rules: Rules) -> Outcome[None]:
    """Pass on what comes in, without state; `boom` raises."""
    del state, clock, rules
    assert event is not None
    if event.data == b"boom":
        raise ZeroDivisionError
    return Outcome(None, (_said(DOCUMENTS, event.key, event.data),))


def _said(topic: Topic, key: bytes, data: bytes) -> Output:
    return Output(topic, key, "toy.said.v1", "an-id", data)


COUNT_FORMAT = StateFormat(1, msgspec.msgpack.encode, msgspec.msgpack.Decoder(Count).decode)
SILENCE_FORMAT = StateFormat(1, msgspec.msgpack.encode, msgspec.msgpack.Decoder(Silence).decode)


def tally(state: Count | None, event: Event | None, clock: Clock, rules: Rules) -> Outcome[Count]:
    """Count, and tell of each event by itself as well, so that a test can see which were lost or repeated."""
    outcome = count(state, event, clock, rules)
    assert event is not None
    return Outcome(outcome.state, (*outcome.outputs, _said(TRACKING, event.key, event.data)))


COUNTER: Stage[Count, Rules] = Stage("counter", DOCUMENTS, count, COUNT_FORMAT, quarantined=rest)
ALARM: Stage[Silence, Rules] = Stage("alarm", DOCUMENTS, watch, SILENCE_FORMAT)
TALLY: Stage[Count, Rules] = Stage("tally", DOCUMENTS, tally, COUNT_FORMAT)
RELAY: Stage[None, Rules] = Stage("normalise", INBOUND, relay)

ROUTE = TimeRoute(
    {"normalise": ("inbound",), "counter": ("normalise",), "alarm": ("normalise",), "tally": ("normalise",)},
    {"normalise": (DOCUMENTS,), "counter": (TRACKING,), "alarm": (TRACKING,)},
)
TOYS: dict[str, Stage[Any, Rules]] = {stage.name: stage for stage in (COUNTER, ALARM, TALLY, RELAY)}
