"""Every event type and its model: what a record's `ce_type` says its data is."""

from contracts.acceptance import Acceptance, Remedy
from contracts.appointment import Appointment
from contracts.condition import ConditionReading
from contracts.documents import GoodsIssue, Order
from contracts.envelope import Event
from contracts.errors import Rejected
from contracts.exchange import DocumentSlice, LinesDropped, ParcelClaim, ParcelFacts, ParcelLink
from contracts.feedback import TaskFeedback
from contracts.hint import Hint
from contracts.lane import LaneAsked, LaneEstimate, LegCompleted
from contracts.model import Contract, read
from contracts.operator_action import OperatorAction
from contracts.proof import ProofOfDelivery
from contracts.receipts import GoodsReceipt, ReturnReceipt
from contracts.registration import Registration
from contracts.service import CaseNote, ServiceCase, Survey
from contracts.snapshot import Snapshot
from contracts.tracking import Tracking

EVENT_TYPES: dict[str, type[Contract]] = {
    "quayside.order.changed.v1": Order,
    "quayside.goods_issue.changed.v1": GoodsIssue,
    "quayside.goods_receipt.changed.v1": GoodsReceipt,
    "quayside.return_receipt.changed.v1": ReturnReceipt,
    "quayside.acceptance.reported.v1": Acceptance,
    "quayside.appointment.changed.v1": Appointment,
    "quayside.remedy.agreed.v1": Remedy,
    "quayside.tracking.reported.v1": Tracking,
    "quayside.proof_of_delivery.reported.v1": ProofOfDelivery,
    "quayside.condition_reading.reported.v1": ConditionReading,
    "quayside.document.slice.v1": DocumentSlice,
    "quayside.document.dropped.v1": LinesDropped,
    "quayside.parcel.linked.v1": ParcelLink,
    "quayside.parcel.facts.v1": ParcelFacts,
    "quayside.parcel.claim.v1": ParcelClaim,
    "quayside.case.changed.v1": ServiceCase,
    "quayside.case.noted.v1": CaseNote,
    "quayside.survey.answered.v1": Survey,
    "quayside.lane.asked.v1": LaneAsked,
    "quayside.lane.leg_completed.v1": LegCompleted,
    "quayside.lane.estimated.v1": LaneEstimate,
    "quayside.registration.reported.v1": Registration,
    "quayside.task.feedback.v1": TaskFeedback,
    "quayside.hint.v1": Hint,
    "quayside.operator.acted.v1": OperatorAction,
    "quayside.snapshot.v1": Snapshot,
}

TYPE_OF: dict[type[Contract], str] = {model: name for name, model in EVENT_TYPES.items()}


def decode(event: Event) -> Contract:
    """Read an event's data as its type says; raises Rejected at an unknown type or a wrong value."""
    return decode_as(event.type, event.data)


def decode_as(type_name: str, data: bytes) -> Contract:
    """Read `data` as the model of `type_name`; raises Rejected at an unknown type or a wrong value."""
    model = EVENT_TYPES.get(type_name)
    if model is None:
        raise Rejected(f"unknown event type {type_name!r}", code="unknown_type")
    return read(model, data)
