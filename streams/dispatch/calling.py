"""One action as one call of a target's session, and what the ledger says of the answer."""

from collections.abc import Awaitable, Collection, Sequence
from dataclasses import replace
from typing import cast

from contracts.clock import WallClock
from contracts.connector import Record, ReopeningSession, TargetSession, Writing
from contracts.settings import TargetAccount
from streams.dispatch import outcome, texts
from streams.dispatch.actions import Close, Create, LookUp, Reopen, Update
from streams.dispatch.endings import endings_of
from streams.dispatch.endpoint import Endpoint
from streams.dispatch.entry import Entry
from streams.dispatch.outcome import Change

Call = LookUp | Create | Update | Reopen | Close
"""The actions that ask a target anything."""


def mark(action: Call, configuration: str) -> Entry:
    """Say what stands in the ledger while the call is under way."""
    match action:
        case LookUp():
            return outcome.asking(action, configuration)
        case Create() | Update() | Reopen():
            return outcome.sending(action, configuration)
        case Close():
            return outcome.closing(action, configuration)


async def call(
    endpoint: Endpoint,
    action: Call,
    marked: Entry,
    known: Collection[int],
    clock: WallClock,
    account: TargetAccount,
) -> Sequence[Change]:
    """Make the call; give what the ledger is to say. Raises Retryable or Rejected.

    known: the episodes of the action's task in the ledger.
    """
    session, endings = endpoint.session, endings_of(account)
    match action:
        case LookUp() if marked.remote_id:
            found = await endpoint.ask(session.read(marked.remote_id), about=marked.task)
            at = clock.now()
            gone = outcome.gone(marked, at, endings)
            return (gone if found is None else outcome.seen(marked, _dated(found, clock), at, endings),)
        case LookUp():
            records = await endpoint.ask(session.look_up(marked.task), about=marked.task)
            return outcome.looked_up(marked, [_dated(record, clock) for record in records], known, clock.now(), endings)
        case Close(reason=reason):
            writing = _writing(marked, texts.closing(reason, account.language))
            record = await endpoint.ask(session.close(_record(action.entry), writing), about=marked.task)
            return (outcome.closed(marked, _dated(record, clock), clock.now(), endings),)
        case Create() | Update() | Reopen():
            record = await endpoint.ask(_write(session, action, marked, account), about=marked.task)
            return (outcome.written(marked, _dated(record, clock), clock.now(), endings),)


def _write(
    session: TargetSession, action: Create | Update | Reopen, marked: Entry, account: TargetAccount
) -> Awaitable[Record]:
    match action:
        case Create():
            return session.create(_writing(marked))
        case Update(wish=wish):
            return session.update(_record(action.entry), _writing(marked, wish.comment))
        case Reopen():
            closed = _record(action.entry, is_open=False)
            # The configuration is refused where the target cannot do so.
            return cast("ReopeningSession", session).reopen(closed, _writing(marked, texts.reopening(account.language)))


def _dated(record: Record, clock: WallClock) -> Record:
    """Date a record's closing by the product's clock, which may run faster than the target's."""
    if record.closed_at is None:
        return record
    return replace(record, closed_at=clock.shows(record.closed_at))


def _writing(entry: Entry, comment: str = "") -> Writing:
    return Writing(entry.task, entry.idempotency_key, entry.fields, comment)


def _record(entry: Entry, *, is_open: bool = True) -> Record:
    return Record(
        id=entry.remote_id,
        is_open=is_open,
        version=entry.remote_version,
        fields=entry.fields,
        key=entry.task,
        idempotency_key=entry.idempotency_key,
    )
