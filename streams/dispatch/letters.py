"""The records that follow from what happened at a target: feedback for `inbound`, and dead letters. Pure."""

import json
from datetime import datetime

from contracts.connector import Heard
from contracts.envelope import Envelope, Origin
from contracts.errors import QuaysideError, Rejected
from contracts.events import TYPE_OF
from contracts.feedback import TaskFeedback
from contracts.identity import digest, parts, snapshot_key
from contracts.model import Contract
from contracts.raw import RawRequest
from contracts.registration import Registration, RegistrationState
from contracts.topics import DEAD_LETTERS, INBOUND
from streams.dispatch.entry import Entry, State, is_subscription
from streams.dispatch.intake import WantedState
from streams.dispatch.outcome import Change
from streams.engine.writes import Dead, SourceRecord
from streams.store.outbox import Letter

CONNECTOR = "quayside"
"""The connector under which our own facts come in: their body is a canonical event already."""
STAGE = "dispatch"
REFUSAL_TYPE = "quayside.dispatch.refusal.v1"
"""The type of a dead letter that is no record but something which a target did not take."""


def own_request(fact: Contract, account: str, at: datetime) -> RawRequest:
    """Write a canonical event that we tell ourselves as a raw request of an account."""
    body = {"type": TYPE_OF[type(fact)], "data": json.loads(fact.encode())}
    raw = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return RawRequest(CONNECTOR, account, raw, at, content_type="application/json")


def feedback_letter(fact: TaskFeedback, at: datetime) -> Letter:
    """Write a fact as a raw request of the account that its task belongs to."""
    return Letter(INBOUND.name, *own_request(fact, fact.account, at).record())


def letters_after(change: Change, at: datetime) -> list[Letter]:
    """Write what follows from what happened at a target: people's doings, or, at a tracker, a parcel's registration.

    Of a registration that was only found to be there nothing is told until its fields are written again.
    """
    entry = change.entry
    if not is_subscription(entry.task):
        return [feedback_letter(fact, at) for fact in change.feedback]
    is_done = entry.state is State.OPEN and bool(entry.fields)
    registered = [registration_letter(entry, None, at)] if is_done else []
    return [*registered, *(heard_letter(heard, at) for heard in change.heard)]


def registration_letter(entry: Entry, error: QuaysideError | None, at: datetime) -> Letter:
    """Write what became of a registration as a fact of its order. error: why it was refused, where it was."""
    fact = Registration(
        account=entry.account,
        order=entry.subject,
        id=parts(entry.task.encode())[-1],
        version=at,
        tracker=entry.target,
        state=RegistrationState.REFUSED if error else RegistrationState.REGISTERED,
        code=error.code if error else "",
        reason=error.reason if error else "",
    )
    return Letter(INBOUND.name, *own_request(fact, entry.account, at).record())


def heard_letter(heard: Heard, at: datetime) -> Letter:
    """Write what a tracker answered as the push that it might have been."""
    connector, _, account = heard.source.partition("/")
    return Letter(INBOUND.name, *RawRequest(connector, account, heard.body, at, heard.content_type).record())


def refusal_letter(entry: Entry, state: WantedState, error: QuaysideError, at: datetime) -> Letter:
    """Write what a target did not take: which task and episode, with what fields, and why."""
    body = {
        "target": entry.target,
        "task": entry.task,
        "episode": entry.episode,
        "shadow": entry.shadow,
        "remote_id": entry.remote_id,
        "fields": dict(entry.fields),
        "tries": entry.tries,
    }
    envelope = Envelope(
        id=digest(entry.target, entry.task, str(entry.episode), str(entry.revision)),
        type=REFUSAL_TYPE,
        source=f"{STAGE}/{entry.target}",
        time=at,
        received_at=state.received_at,
        traceparent=state.traceparent,
    )
    key = snapshot_key(entry.account, entry.scope, entry.subject)
    value = json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
    written = Dead(state.place, key, value, envelope.headers(), error).written(STAGE, at)
    return Letter(DEAD_LETTERS.name, written.key, written.value, written.headers)


def unreadable_letter(record: SourceRecord, error: Rejected, at: datetime) -> Letter:
    """Write a record of `snapshots` that could not be read."""
    place = Origin(record.topic, record.partition, record.offset)
    written = Dead(place, record.key, record.value, record.headers, error).written(STAGE, at)
    return Letter(DEAD_LETTERS.name, written.key, written.value, written.headers)
