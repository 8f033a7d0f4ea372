"""A task in the fields of a Salesforce Case, and a delivery's status in those of a custom object.

A value that is not known is null. An instant is written as a field of date and time reads it back
(`2026-01-31T08:00:00.000+0000`), to the second; a text field keeps it as it is.

Source: https://developer.salesforce.com/docs/platform/object-reference/references/standard-objects/object-case.html and
https://developer.salesforce.com/docs/platform/api-rest/guide/intro-valid-date-formats.html
"""

import re
from collections.abc import Mapping
from datetime import UTC
from typing import Annotated, Any

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

EPISODE, TASK, KEY = "Quayside_Episode__c", "Quayside_Task__c", "Quayside_Key__c"
"""The fields for our keys: which episode, the digest by which a task or an order is found, and the whole key."""
COMMENTS = "Comments"
"""The field of a Case that adds a comment with each write."""

DEFAULT_FIELDS: Mapping[str, TaskField] = {
    "Subject": TaskField.TITLE,
    "Description": TaskField.DETAILS,
    "Priority": TaskField.SEVERITY,
    "Quayside_Order__c": TaskField.ORDER,
    "Quayside_Customer__c": TaskField.CUSTOMER,
    "Quayside_Promised__c": TaskField.PROMISED,
    "Quayside_Last_Scan__c": TaskField.LAST_SCAN,
    "Quayside_Kind__c": TaskField.KIND,
    "Quayside_Role__c": TaskField.ROLE,
    "Quayside_Due__c": TaskField.DUE,
}
"""Which value goes to which field of a Case, unless the account says otherwise."""
DEFAULT_STATUS_FIELDS: Mapping[str, OrderField] = {
    "Name": OrderField.ORDER,
    "Quayside_Status__c": OrderField.STATUS,
    "Quayside_Status_Text__c": OrderField.STATUS_TEXT,
    "Quayside_Parcels__c": OrderField.PARCEL,
    "Quayside_Promised__c": OrderField.PROMISED,
    "Quayside_ETA__c": OrderField.ETA,
    "Quayside_Despatched_At__c": OrderField.DESPATCHED_AT,
    "Quayside_Delivered_At__c": OrderField.DELIVERED_AT,
    "Quayside_Last_Scan__c": OrderField.LAST_SCAN,
    "Quayside_Findings__c": OrderField.FINDINGS,
}
"""The same for the fields of the delivery object."""

_PRIORITIES = {"grave": "High", "major": "Medium", "ordinary": "Low", "": ""}
_INSTANTS = TASK_INSTANTS | ORDER_INSTANTS
_LIMITS = {"Subject": 255, "Name": 80, "Description": 32_000, COMMENTS: 4_000}
_RESERVED = {EPISODE, TASK, KEY, COMMENTS, "Id", "Status", "OwnerId"}
_CHOOSABLE = Choosable("field", re.compile(r"[A-Za-z][A-Za-z0-9_]*"), "no field's API name")

Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Value = Annotated[str, Field(min_length=1)]


class SalesforceOptions(Contract, extra="forbid"):
    """The options of a `salesforce` account.

    client_id: the consumer key of the app whose consumer secret is the account's secret. api_version: of the REST API.
    closed, reopened: the status with which we close a Case, and with which we open it again. refused_statuses: those,
    separated by commas, that mean it was refused. reason_field: where people write why they closed it; approval_field:
    where they approve, and `approved` is the value that means so; we only read both. delivery_object: where the status
    of deliveries stands. order_number_field: a field of it, an external id, that holds the order's number; without one
    Quayside has records of its own. timeout_seconds: how long one answer may take.
    """

    client_id: Value
    api_version: Annotated[str, Field(pattern=r"^v\d{2,3}\.0$")] = "v64.0"
    closed: Value = "Closed"
    reopened: Value = "New"
    refused_statuses: str = ""
    reason_field: Name = "Quayside_Reason__c"
    approval_field: Name = "Quayside_Approval__c"
    approved: Value = "approved"
    delivery_object: Name = "Quayside_Delivery__c"
    order_number_field: Annotated[str, Field(pattern=r"^([A-Za-z][A-Za-z0-9_]*)?$")] = ""
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 30.0

    def is_refused(self, status: str) -> bool:
        """Whether this status means that the task was refused."""
        return is_listed(status, self.refused_statuses)

    @property
    def delivery_field(self) -> str:
        """The external id by which a delivery's record is found."""
        return self.order_number_field or TASK

    def delivery_id(self, key: str) -> str:
        """The value of that field for the order of a status key."""
        return parts(key.encode())[2] if self.order_number_field else digest(key)


def options_of(account: TargetAccount) -> SalesforceOptions:
    """Read an account's options; raises Rejected with the path of the first wrong one."""
    return build(SalesforceOptions, **account.options)


def check(account: TargetAccount) -> None:
    """Refuse an account whose options are wrong, or that chooses fields which are not to be chosen."""
    options = options_of(account)
    reserved = _RESERVED | {options.reason_field, options.approval_field}
    for name in (*account.fields, *account.status_fields):
        _CHOOSABLE.check(name, is_reserved=name in reserved)


def owned(account: TargetAccount) -> tuple[str, ...]:
    """The fields of a Case that are written at every update."""
    return tuple(in_effect(DEFAULT_FIELDS, account.fields))


def owned_of_deliveries(account: TargetAccount) -> tuple[str, ...]:
    """The fields of a delivery's record that are written at every update."""
    return tuple(in_effect(DEFAULT_STATUS_FIELDS, account.status_fields))


def fields(context: TaskInContext, account: TargetAccount) -> Mapping[str, str]:
    """Write a task down; raises Rejected where it has no text in the account's language."""
    return written(task_facts(context, account.language), DEFAULT_FIELDS, account.fields, _shaped)


def status_fields(context: OrderInContext, account: TargetAccount) -> Mapping[str, str]:
    """Write down what is known of an order's delivery."""
    facts = order_facts(context, account.language)
    return written(facts, DEFAULT_STATUS_FIELDS, account.status_fields, _shaped)


def values(written: Mapping[str, str]) -> dict[str, str | None]:
    """Give fields as the REST API takes them: an empty text as null."""
    return {name: value[: _LIMITS.get(name)] or None for name, value in written.items()}


def texts(found: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    """Read fields back as they were written. What was edited in a browser has other line ends."""
    told = {name: found.get(name) for name in names}
    return {name: "" if value is None else str(value).replace("\r\n", "\n") for name, value in told.items()}


def _shaped(name: str, field: TaskField | OrderField, value: str) -> str:
    if name == "Priority":
        return _PRIORITIES.get(value, value)
    if field in _INSTANTS and value:
        return read_time(value).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    return value.strip()[: _LIMITS.get(name)].strip()
