"""A record of `snapshots` becomes a wanted state; the newest one counts. Pure.

A stage may write a snapshot again after a crash, or one computed from fewer facts: its stamp tells, and a state with
a lower stamp than the stored one is skipped. Of equal stamps the later record counts: the same facts may have been
folded again by another policy.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from contracts.envelope import Event, Origin, Stamp
from contracts.errors import Rejected
from contracts.events import decode
from contracts.identity import Scope, parts
from contracts.model import read
from contracts.snapshot import Snapshot, Wanted, task_key
from streams.dispatch.holding import brought_by
from streams.engine.writes import SourceRecord

LONGEST_NAME = 255
"""Characters of an account's, an order's or a parcel's name, and of a task's subject, that the ledger keeps."""


@dataclass(frozen=True, slots=True)
class LaneKey:
    """What one lane is about: actions of one lane are done strictly one after another."""

    account: str
    scope: Scope
    subject: str


@dataclass(frozen=True, slots=True)
class WantedState:
    """The newest wanted state of one lane.

    place: the record it was read from. origin: the raw record behind it. wanted, view: JSON; the view is kept only
    where something is wanted that needs it; tasks: how much is wanted. ask_first: what it wants may be older than the
    ledger. policy_revision: by which it was folded; brought: which revision brought which of its tasks, where one did.
    """

    key: LaneKey
    place: Origin
    stamp: Stamp
    received_at: datetime
    wanted: str = "{}"
    view: str = ""
    tasks: int = 0
    origin: str = ""
    traceparent: str = ""
    ask_first: bool = False
    policy_revision: int = 0
    brought: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lane:
    """A stored wanted state, and when its lane is to be looked at (`due_at`; None while it rests)."""

    state: WantedState
    sequence: int = 1
    due_at: datetime | None = None
    dirty_since: datetime | None = None
    parked: bool = False


@dataclass(slots=True)
class Taken:
    """What a batch of records came to: the newest state of each lane, and the records that could not be read."""

    newest: dict[LaneKey, WantedState] = field(default_factory=dict)
    unreadable: list[tuple[SourceRecord, Rejected]] = field(default_factory=list)


def take(records: Iterable[SourceRecord], *, with_views: bool = False) -> Taken:
    """Read records in their order, and keep each lane's newest state. with_views: whether orders' views are wanted."""
    taken = Taken()
    for record in records:
        try:
            state = read_record(record, with_views=with_views)
        except Rejected as error:
            taken.unreadable.append((record, error))
            continue
        held = taken.newest.get(state.key)
        if held is None or state.stamp >= held.stamp:
            taken.newest[state.key] = state
    return taken


def read_record(record: SourceRecord, *, with_views: bool = False) -> WantedState:
    """Read one record; raises Rejected where it is no snapshot, or stands under another one's key."""
    if record.key is None or record.value is None:
        raise Rejected("a snapshot has a key and a value", code="tombstone")
    place = Origin(record.topic, record.partition, record.offset)
    event = Event(record.key, record.value, place, record.headers)
    snapshot = decode(event)
    if not isinstance(snapshot, Snapshot):
        raise Rejected(f"not a snapshot but {event.type}", code="unknown_type")
    if parts(record.key) != (snapshot.account, snapshot.scope, snapshot.subject):
        raise Rejected("the key is not that of the snapshot under it", code="foreign_key")
    wanted = snapshot.wanted
    names = (snapshot.account, snapshot.subject, *(task.subject for task in wanted.tasks))
    names += tuple(parcel.number for parcel in wanted.subscriptions)
    if max(map(len, names)) > LONGEST_NAME:
        raise Rejected(f"a name is longer than {LONGEST_NAME} characters", code="name_too_long")
    envelope = event.envelope
    told = len(wanted.tasks) + len(wanted.notices)
    told += with_views and snapshot.scope == "order" and snapshot.view is not None
    return WantedState(
        key=LaneKey(snapshot.account, snapshot.scope, snapshot.subject),
        place=place,
        stamp=envelope.stamp,
        received_at=envelope.received_at,
        wanted=wanted.model_dump_json(exclude_defaults=True),
        view=snapshot.view.model_dump_json(exclude_defaults=True) if told and snapshot.view else "",
        tasks=told + len(wanted.subscriptions),
        origin=str(envelope.origin),
        traceparent=envelope.traceparent,
        policy_revision=snapshot.policy_revision,
    )


def merge(stored: Lane | None, new: WantedState, now: datetime) -> Lane | None:
    """Say how a lane is stored when `new` arrives; None where it is older than what is stored.

    A lane becomes due when what it wants changed. A parked one stays parked: its target asked for the time.
    """
    if stored is None:
        return Lane(new, due_at=now, dirty_since=now) if new.tasks else Lane(new)
    if new.stamp < stored.state.stamp:
        return None
    new = replace(new, ask_first=new.ask_first or stored.state.ask_first, brought=_brought(stored.state, new))
    lane = replace(stored, state=new, sequence=stored.sequence + 1)
    changed = (new.wanted, new.view) != (stored.state.wanted, stored.state.view)
    if stored.due_at is not None or not changed or not (new.tasks or stored.state.tasks):
        return lane
    return replace(lane, due_at=now, dirty_since=now)


def _brought(stored: WantedState, new: WantedState) -> dict[str, int]:
    """Say which tasks a policy revision brought; most states were folded by the same one as those before them."""
    if new.policy_revision <= stored.policy_revision and not stored.brought:
        return {}
    known_revision, known = stored.policy_revision, stored.brought
    return brought_by(new.policy_revision, _tasks(new), _tasks(stored), known_revision, known)


def _tasks(state: WantedState) -> frozenset[str]:
    key, wanted = state.key, read(Wanted, state.wanted.encode())
    return frozenset(task_key(key.account, key.scope, key.subject, task) for task in wanted.tasks)
