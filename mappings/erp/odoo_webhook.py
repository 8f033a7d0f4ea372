"""Odoo's webhooks as hints: which record was touched, and nothing of what it says.

An automation rule's action "Send Webhook Notification" posts a JSON object `{"_model": …, "_id": …, "_action": …}` and
the fields that were chosen
(https://www.odoo.com/documentation/18.0/applications/studio/automated_actions.html, "Send Webhook Notification"). It is
called inside the transaction, so what it points at may be visible only a little later.
"""

from collections.abc import Mapping

from pydantic import Field

from contracts.connector import Context, Mapped
from contracts.errors import Rejected
from contracts.model import Contract, build
from mappings.hints import hints

KINDS: Mapping[str, tuple[str, ...]] = {
    "sale.order": ("order",),
    "stock.picking": ("goods_issue", "return_receipt"),
}
"""By the model, which documents its records may be. Of any other model, a line or a move, everything is looked at."""


class Notification(Contract):
    """What every one says. The action's name has its id behind it, and says nothing to us."""

    model: str = Field(alias="_model", min_length=1)
    id: int = Field(alias="_id", gt=0)


def to_events(payload: object, context: Context) -> Mapped:
    """Map one notification; raises Rejected with the JSON path of the first wrong value."""
    if not isinstance(payload, dict):
        raise Rejected("found no JSON object; expected a webhook notification", code="invalid", path="$")
    told = build(Notification, **payload)
    return hints(context, KINDS.get(told.model, ()), str(told.id))
