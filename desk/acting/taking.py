"""Taking an action: look at what is known, decide, write it durably, and say how to undo it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.envelope import Origin
from contracts.identity import tracking_number
from contracts.model import build
from contracts.operator_action import Act, OperatorAction
from contracts.settings import Settings
from contracts.snapshot import Snapshot
from desk.acting.choosing import place_of
from streams.dispatch.telling import tell
from streams.tracing.snapshots import snapshots_named

Details = Callable[[Snapshot, datetime], dict[str, Any]]
"""What an action says beside who, when and why, from what is known and the time; raises Rejected at a mistake."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What an operator wants. place: an order's number, or, unless `is_order`, a case's or an orphan's.

    is_open: it is about an open delivery; of a closed one, follow-ups and what else is told since can be acted on.
    """

    act: Act
    place: str
    by: str
    why: str
    account: str | None = None
    is_order: bool = False
    is_open: bool = False


async def take(settings: Settings, wish: Wish, details: Details) -> tuple[OperatorAction, Origin]:
    """Take an action, and give it with the place where it stands.

    Raises Rejected at a mistake, when nothing was written; Fatal where the broker cannot be reached.
    """
    names = {wish.place} if wish.is_order else {wish.place, tracking_number(wish.place)}
    known = await snapshots_named(settings.kafka, *names)
    action = decide(wish, details, known, settings.clock.clock().now())
    return action, await tell(settings.kafka, action, action.account, action.at)


def decide(wish: Wish, details: Details, known: Iterable[Snapshot], now: datetime) -> OperatorAction:
    """Make the action of what is known; raises Rejected at a mistake."""
    snapshot = place_of(known, wish.place, wish.account, order=wish.is_order, is_open=wish.is_open)
    place = {"account": snapshot.account, "scope": snapshot.scope, "subject": snapshot.subject}
    said = {"act": wish.act, "at": now, "by": wish.by.strip(), "why": wish.why.strip()}
    return build(OperatorAction, **place, **said, **details(snapshot, now))


def told(action: OperatorAction, origin: Origin, done: str) -> Iterable[str]:
    """Say what was done, where it stands, and how to undo it."""
    yield f"{done}. This is action {action.id}; `quayside trace {origin}` tells what became of it."
    undo = f"quayside act undo {action.subject} {action.id} --account {action.account}"
    yield f"To undo it: {undo} --by NAME --why REASON"
