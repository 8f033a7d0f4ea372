"""ERPNext's webhooks as hints: which document was touched, and nothing of what it says.

A webhook's JSON body is what its owner writes; ours is `{"doctype": "{{ doc.doctype }}", "name": "{{ doc.name }}"}`
(https://docs.frappe.io/framework/user/en/guides/integration/webhooks). Other members say nothing to us.
"""

from collections.abc import Mapping

from pydantic import Field

from contracts.connector import Context, Mapped
from contracts.errors import Rejected
from contracts.model import Contract, build
from mappings.hints import hints

KINDS: Mapping[str, tuple[str, ...]] = {
    "Sales Order": ("order",),
    "Delivery Note": ("goods_issue", "return_receipt"),
}
"""By doctype, which documents its records may be. At any other, a shipment or an address, everything is looked at."""


class Notification(Contract):
    """What each must say."""

    doctype: str = Field(min_length=1)
    name: str = Field(min_length=1, max_length=140)


def to_events(payload: object, context: Context) -> Mapped:
    """Map one notification; raises Rejected with the JSON path of the first wrong value."""
    if not isinstance(payload, dict):
        raise Rejected("found no JSON object; expected a webhook's body", code="invalid", path="$")
    told = build(Notification, **payload)
    return hints(context, KINDS.get(told.doctype, ()), told.name)
