"""Normalise: raw bytes become canonical events, by the connector's own pure mapping.

It has no state. What no mapping understands is Rejected, and so dead-lettered with its reason and its raw bytes.
ERP documents go to `documents`, what knows only a parcel to `tracking`, after-sales cases to `cases`,
what names an order to `deliveries`, what only wakes somebody to `hints`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import msgspec

from contracts.clock import Clock
from contracts.condition import ConditionReading
from contracts.connector import Context, Mapped, Poller, Source
from contracts.documents import Document
from contracts.envelope import Event
from contracts.errors import Rejected
from contracts.events import decode_as
from contracts.feedback import TaskFeedback
from contracts.hint import Hint
from contracts.identity import case_key, document_key, hint_key, order_key, parcel_key
from contracts.model import Contract
from contracts.operator_action import OperatorAction
from contracts.order_fact import OrderFact
from contracts.policy import Policy
from contracts.proof import ProofOfDelivery
from contracts.raw import RawRequest
from contracts.service import ServiceCase
from contracts.topics import CASES, DELIVERIES, DOCUMENTS, HINTS, INBOUND, TRACKING, Topic
from contracts.tracking import Tracking
from streams.engine.stage import Outcome, Output, Stage
from streams.stages.output import event_output

OURSELVES = "quayside"
"""The connector of what Quayside tells itself: outcomes at targets, as canonical events."""


@dataclass(frozen=True, slots=True)
class Account:
    """What the configuration says of an account that matters to its mapping."""

    zone: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Connectors:
    """Who can read what, and the accounts by (connector, name)."""

    sources: Mapping[str, Source] = field(default_factory=dict)
    pollers: Mapping[str, Poller] = field(default_factory=dict)
    accounts: Mapping[tuple[str, str], Account] = field(default_factory=dict)

    def map(self, raw: RawRequest) -> Mapped:
        """Map a raw request; raises Rejected where its connector is unknown or does not understand it."""
        if raw.connector == OURSELVES:
            return Mapped(events=(_own_event(raw.body),))
        reader = self.sources.get(raw.connector) or self.pollers.get(raw.connector)
        if reader is None:
            raise Rejected(f"no connector is named {raw.connector!r}", code="unknown_connector")
        account = self.accounts.get((raw.connector, raw.account), Account())
        context = Context(
            connector=raw.connector,
            account=raw.account,
            received_at=raw.received_at,
            zone=account.zone,
            options=account.options,
        )
        return reader.to_events(reader.read(raw), context)


def normalise(connectors: Connectors, count_unknown: Callable[[str], None]) -> Stage[None, Policy]:
    """Declare the stage. `count_unknown` is told the connector of each code that its vendor's table does not list."""

    def step(_state: None, event: Event | None, _clock: Clock, _policy: Policy) -> Outcome[None]:
        if event is None:
            return Outcome(None)
        raw = RawRequest.read(event)
        mapped = connectors.map(raw)
        for _code in mapped.unknown_codes:
            count_unknown(raw.connector)
        return Outcome(None, tuple(output for canonical in mapped.events for output in route(canonical)))

    return Stage(name="normalise", source=INBOUND, step=step)


def route(event: Contract) -> tuple[Output, ...]:
    """Address a canonical event to the stage that knows what it is about; raises Rejected where none does."""
    match event:
        case Document():
            topic, key = DOCUMENTS, document_key(event.account, event.kind, event.document)
        case Tracking() | ConditionReading(order="") | ProofOfDelivery(order=""):
            topic, key = TRACKING, parcel_key(event.number)
        case ServiceCase():
            topic, key = CASES, case_key(event.account, event.case)
        case Hint():
            topic, key = HINTS, hint_key(event.account)
        case OperatorAction():
            return _to_whom_it_matters(event)
        case OrderFact() | ConditionReading() | ProofOfDelivery():
            topic, key = DELIVERIES, order_key(event.account, event.order)
        case TaskFeedback(scope="stage"):
            # A resting key folds nothing. Whoever closes its task has seen it, and that is all there is to it.
            return ()
        case TaskFeedback():
            topic, key = _task_of(event)
        case _:
            raise Rejected(f"nobody takes a {type(event).__name__} of this kind", code="unroutable")
    return (event_output(topic, key, event),)


def _task_of(feedback: TaskFeedback) -> tuple[Topic, bytes]:
    """Address what became of a task to the stage that wants it."""
    match feedback.scope:
        case "order" | "after":
            return DELIVERIES, order_key(feedback.account, feedback.subject)
        case "parcel":
            return TRACKING, parcel_key(feedback.subject)
        case "case":
            return CASES, case_key(feedback.account, feedback.subject)
        case scope:
            raise Rejected(f"nobody takes a TaskFeedback of scope {scope}", code="unroutable")


def _to_whom_it_matters(action: OperatorAction) -> tuple[Output, ...]:
    """An order's and a parcel's own stage; what is said of an order's parcel is told to both."""
    told: list[Output] = []
    if action.scope in {"order", "after"}:
        told.append(event_output(DELIVERIES, order_key(action.account, action.subject), action))
    if parcel := action.parcel or (action.subject if action.scope == "parcel" else ""):
        told.append(event_output(TRACKING, parcel_key(parcel), action))
    if action.scope == "case":
        told.append(event_output(CASES, case_key(action.account, action.subject), action))
    return tuple(told)


class _Own(msgspec.Struct):
    type: str
    data: msgspec.Raw


def _own_event(body: bytes) -> Contract:
    try:
        own = msgspec.json.decode(body, type=_Own)
    except msgspec.MsgspecError as error:
        raise Rejected(f"not an event of ours: {error}", code="malformed") from error
    return decode_as(own.type, bytes(own.data))
