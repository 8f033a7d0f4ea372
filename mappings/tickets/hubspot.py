"""A task in the properties of a HubSpot ticket, and a delivery's status in those of a HubSpot order.

All properties are written as texts. An instant is written to the second, as a property of date and time reads it back;
a property of plain text keeps it as it is. What is not known is an empty text, which clears the property.

Source: https://developers.hubspot.com/docs/api-reference/latest/crm/objects/tickets/guide and
https://developers.hubspot.com/docs/api-reference/latest/crm/objects/orders/guide
"""

import re
from collections.abc import Mapping
from datetime import UTC
from typing import Annotated

from pydantic import Field

from contracts.connector import OrderInContext, TaskInContext
from contracts.envelope import read_time
from contracts.fields import ORDER_INSTANTS, TASK_INSTANTS, OrderField, TaskField, in_effect, written
from contracts.identity import digest, parts
from contracts.model import Contract, build
from contracts.settings import TargetAccount
from mappings.tickets.choosable import Choosable
from mappings.tickets.facts import order_facts, task_facts
from mappings.tickets.listed_statuses import is_listed

PLACE, KEY, EPISODE, NOTE = "quayside_place", "quayside_key", "quayside_episode", "quayside_note"
"""The properties for our keys, and for what we say beside an update or a close. `quayside_place` has unique values."""
ORDER_KEY = "quayside_order_key"
"""The property of orders, with unique values, by which an order's status is found."""

DEFAULT_FIELDS: Mapping[str, TaskField] = {
    "subject": TaskField.TITLE,
    "content": TaskField.DETAILS,
    "hs_ticket_priority": TaskField.SEVERITY,
    "quayside_order": TaskField.ORDER,
    "quayside_customer": TaskField.CUSTOMER,
    "quayside_promised": TaskField.PROMISED,
    "quayside_last_scan": TaskField.LAST_SCAN,
    "quayside_kind": TaskField.KIND,
    "quayside_role": TaskField.ROLE,
    "quayside_due": TaskField.DUE,
}
"""Which value goes to which property of a ticket, unless the account says otherwise."""
DEFAULT_STATUS_FIELDS: Mapping[str, OrderField] = {
    "hs_order_name": OrderField.ORDER,
    "hs_tracking_number": OrderField.PARCEL,
    "quayside_status": OrderField.STATUS,
    "quayside_status_text": OrderField.STATUS_TEXT,
    "quayside_promised": OrderField.PROMISED,
    "quayside_eta": OrderField.ETA,
    "quayside_despatched_at": OrderField.DESPATCHED_AT,
    "quayside_delivered_at": OrderField.DELIVERED_AT,
    "quayside_last_scan": OrderField.LAST_SCAN,
    "quayside_findings": OrderField.FINDINGS,
}
"""The same for the properties of an order."""

_PRIORITIES = {"grave": "HIGH", "major": "MEDIUM", "ordinary": "LOW", "": ""}
_INSTANTS = TASK_INSTANTS | ORDER_INSTANTS
_RESERVED = {PLACE, KEY, EPISODE, NOTE, ORDER_KEY, "hs_pipeline", "hs_pipeline_stage", "hs_object_id"}
_CHOOSABLE = Choosable("property", re.compile(r"[a-z][a-z0-9_]*"), "no property's internal name")

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Stage = Annotated[str, Field(min_length=1)]


class HubSpotOptions(Contract, extra="forbid"):
    """The options of a `hubspot` account.

    pipeline, stage: by their ids, where tickets are created. closed: the id of the stage to which we move what is done.
    closed_stages, refused_stages: those, separated by commas, in which a ticket is done, and of these the ones that
    mean it was refused. reason_property: where people write why they closed it; approval_property: where they approve,
    and `approved` is the value that means so; we only read both. order_number_property: a property of orders, with
    unique values, that holds the order's number; without one Quayside has orders of its own. timeout_seconds: how long
    one answer may take.
    """

    pipeline: Stage = "0"
    stage: Stage = "1"
    closed: Stage = "4"
    closed_stages: str = "4"
    refused_stages: str = ""
    reason_property: Name = "quayside_reason"
    approval_property: Name = "quayside_approval"
    approved: Stage = "approved"
    order_number_property: Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]*)?$")] = ""
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 30.0

    def is_closed(self, stage: str) -> bool:
        """Whether a ticket in this stage is done."""
        return stage == self.closed or is_listed(stage, self.closed_stages) or self.is_refused(stage)

    def is_refused(self, stage: str) -> bool:
        """Whether this stage means that the task was refused."""
        return is_listed(stage, self.refused_stages)

    @property
    def order_property(self) -> str:
        """The property of orders by which one is found."""
        return self.order_number_property or ORDER_KEY

    def order_id(self, key: str) -> str:
        """The value of that property for the order of a status key."""
        return parts(key.encode())[2] if self.order_number_property else digest(key)


def options_of(account: TargetAccount) -> HubSpotOptions:
    """Read an account's options; raises Rejected with the path of the first wrong one."""
    return build(HubSpotOptions, **account.options)


def check(account: TargetAccount) -> None:
    """Refuse an account whose options are wrong, or that chooses properties which are not to be chosen."""
    options = options_of(account)
    reserved = _RESERVED | {options.reason_property, options.approval_property}
    for name in (*account.fields, *account.status_fields):
        _CHOOSABLE.check(name, is_reserved=name in reserved)


def owned(account: TargetAccount) -> tuple[str, ...]:
    """The properties of a ticket that are written at every update."""
    return tuple(in_effect(DEFAULT_FIELDS, account.fields))


def owned_of_orders(account: TargetAccount) -> tuple[str, ...]:
    """The properties of an order that are written at every update."""
    return tuple(in_effect(DEFAULT_STATUS_FIELDS, account.status_fields))


def fields(context: TaskInContext, account: TargetAccount) -> Mapping[str, str]:
    """Write a task down; raises Rejected where it has no text in the account's language."""
    return written(task_facts(context, account.language), DEFAULT_FIELDS, account.fields, _shaped)


def status_fields(context: OrderInContext, account: TargetAccount) -> Mapping[str, str]:
    """Write down what is known of an order's delivery."""
    facts = order_facts(context, account.language)
    return written(facts, DEFAULT_STATUS_FIELDS, account.status_fields, _shaped)


def _shaped(name: str, field: TaskField | OrderField, value: str) -> str:
    if name == "hs_ticket_priority":
        return _PRIORITIES.get(value, value)
    if field in _INSTANTS and value:
        return read_time(value).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.strip()
