"""One action as one call of a target's session, and what the ledger says of the answer."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from contracts.clock import WallClock
from contracts.connector import Record, Writing
from streams.dispatch import outcome, texts
from streams.dispatch.actions import Close, Create, LookUp, Update
from streams.dispatch.endpoint import Endpoint
from streams.dispatch.entry import Entry
from streams.dispatch.outcome import Change

Call = LookUp | Create | Update | Close
"""The actions that ask a target anything."""


def mark(action: Call, configuration: str) -> Entry:
    """Say what stands in the ledger while the call is under way."""
    match action:
        case LookUp():
            return outcome.asking(action, configuration)
        case Create() | Update():
            return outcome.sending(action, configuration)
        case Close():
            return outcome.closing(action, configuration)


async def call(
    endpoint: Endpoint,
    action: Call,
    marked: Entry,
    known: Collection[int],
    clock: WallClock,
    language: texts.Language,
) -> Sequence[Change]:
    """Make the call; give what the ledger is to say. Raises Retryable or Rejected.

    known: the episodes of the action's task in the ledger.
    """
    session = endpoint.session
    match action:
        case LookUp() if marked.remote_id:
            found = await endpoint.ask(session.read(marked.remote_id), about=marked.task)
            at = clock.now()
            return (outcome.gone(marked, at) if found is None else outcome.seen(marked, _dated(found, clock), at),)
        case LookUp():
            records = await endpoint.ask(session.look_up(marked.task), about=marked.task)
            return outcome.looked_up(marked, [_dated(record, clock) for record in records], known, clock.now())
        case Create():
            record = await endpoint.ask(session.create(_writing(marked)), about=marked.task)
            return (outcome.written(marked, _dated(record, clock), clock.now()),)
        case Update(wish=wish):
            writing = _writing(marked, wish.comment)
            record = await endpoint.ask(session.update(_record(action.entry), writing), about=marked.task)
            return (outcome.written(marked, _dated(record, clock), clock.now()),)
        case Close(reason=reason):
            writing = _writing(marked, texts.closing(reason, language))
            record = await endpoint.ask(session.close(_record(action.entry), writing), about=marked.task)
            return (outcome.closed(marked, _dated(record, clock), clock.now()),)


def _dated(record: Record, clock: WallClock) -> Record:
    """Date a record's closing by the product's clock, which may run faster than the target's."""
    if record.closed_at is None:
        return record
    return replace(record, closed_at=clock.shows(record.closed_at))


def _writing(entry: Entry, comment: str = "") -> Writing:
    return Writing(entry.task, entry.idempotency_key, entry.fields, comment)


def _record(entry: Entry) -> Record:
    return Record(
        id=entry.remote_id,
        is_open=True,
        version=entry.remote_version,
        fields=entry.fields,
        key=entry.task,
        idempotency_key=entry.idempotency_key,
    )
