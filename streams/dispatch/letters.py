"""The records that follow from what happened at a target: feedback for `inbound`, and dead letters. Pure."""

import json
from datetime import datetime

from contracts.envelope import Envelope, Origin
from contracts.errors import QuaysideError, Rejected
from contracts.events import TYPE_OF
from contracts.feedback import TaskFeedback
from contracts.identity import digest, snapshot_key
from contracts.model import Contract
from contracts.raw import RawRequest
from contracts.topics import DEAD_LETTERS, INBOUND
from streams.dispatch.entry import Entry
from streams.dispatch.intake import WantedState
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
