"""Which canonical events a sender from outside may tell: documents, what was seen or said of orders and parcels, hints.

Not open are an operator's actions (`quayside act`, with who and why), outcomes at targets (dispatch tells them), and
what the stages tell each other. A type that is in neither list of the tests fails them: somebody has to decide.
"""

from collections.abc import Mapping
from types import MappingProxyType

from contracts.events import EVENT_TYPES
from contracts.model import Contract

_OPEN = (
    "quayside.order.changed.v1",
    "quayside.goods_issue.changed.v1",
    "quayside.goods_receipt.changed.v1",
    "quayside.return_receipt.changed.v1",
    "quayside.tracking.reported.v1",
    "quayside.proof_of_delivery.reported.v1",
    "quayside.condition_reading.reported.v1",
    "quayside.appointment.changed.v1",
    "quayside.acceptance.reported.v1",
    "quayside.remedy.agreed.v1",
    "quayside.case.changed.v1",
    "quayside.survey.answered.v1",
    "quayside.hint.v1",
)

OPEN_TYPES: Mapping[str, type[Contract]] = MappingProxyType({name: EVENT_TYPES[name] for name in _OPEN})
"""By their name."""
