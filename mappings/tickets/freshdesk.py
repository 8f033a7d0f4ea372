"""A task in the fields of a Freshdesk ticket: `subject`, `priority`, and custom fields (`cf_…`).

All are handled as texts here; a priority is 1 (low) to 4 (urgent). What is not known is an empty text, which Freshdesk
keeps as null. The text stands in a custom field (`cf_quayside_details`): the ticket's description is markup, which does
not read as it was written.

Source: https://developers.freshdesk.com/api/#tickets
"""

import html
import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from contracts.connector import TaskInContext
from contracts.errors import Rejected
from contracts.fields import TaskField, in_effect, written
from contracts.identity import digest
from contracts.model import Contract, build
from contracts.settings import TargetAccount
from mappings.tickets.choosable import Choosable
from mappings.tickets.facts import task_facts
from mappings.tickets.listed_statuses import is_listed

TASK, KEY, EPISODE, CLOSED = "cf_quayside_task", "cf_quayside_key", "cf_quayside_episode", "cf_quayside_closed"
"""The fields for our keys: the task's digest, by which a search finds it; its key; the episode; that we closed it."""
DETAILS = "cf_quayside_details"
SUBJECT_LIMIT = 255
"""Characters of a subject."""

DEFAULT_FIELDS: Mapping[str, TaskField] = {
    "subject": TaskField.TITLE,
    "priority": TaskField.SEVERITY,
    DETAILS: TaskField.DETAILS,
    "cf_quayside_order": TaskField.ORDER,
    "cf_quayside_customer": TaskField.CUSTOMER,
    "cf_quayside_promised": TaskField.PROMISED,
    "cf_quayside_last_scan": TaskField.LAST_SCAN,
    "cf_quayside_kind": TaskField.KIND,
    "cf_quayside_role": TaskField.ROLE,
    "cf_quayside_due": TaskField.DUE,
}
"""Which value goes to which field, unless the account says otherwise."""

_PRIORITIES = {"grave": "4", "major": "3", "ordinary": "2", "": "1"}
_OWN = {"subject", "priority"}
_CHOOSABLE = Choosable(
    "field",
    re.compile(r"subject|priority|cf_[a-z0-9_]+"),
    "neither `subject` nor `priority` nor a custom field (cf_…)",
)
_RESERVED = {TASK, KEY, EPISODE, CLOSED}

Custom = Annotated[str, Field(pattern=r"^cf_[a-z0-9_]+$")]
Status = Annotated[str, Field(pattern=r"^[1-9][0-9]*$")]


class FreshdeskOptions(Contract, extra="forbid"):
    """The options of a `freshdesk` account.

    requester: the e-mail address of the contact whose tickets they are. group: the number of the group to which new
    tickets are given. type: of new tickets. closed: the status that we close with. closed_statuses, refused_statuses:
    those, by their numbers and separated by commas, in which a ticket is done, and of these the ones that mean it was
    refused. open_status: the one of new tickets, and of those that are opened again. approver_field: where people write
    who approved; we only read it. timeout_seconds: how long one answer may take.
    """

    requester: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]
    group: Annotated[str, Field(pattern=r"^[0-9]*$")] = ""
    type: str = ""
    closed: Status = "5"
    closed_statuses: str = "4, 5"
    refused_statuses: str = ""
    open_status: Status = "2"
    approver_field: Custom = "cf_quayside_approver"
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 30.0

    def is_closed(self, status: str) -> bool:
        """Whether a ticket in this status is done."""
        return status == self.closed or is_listed(status, self.closed_statuses) or self.is_refused(status)

    def is_refused(self, status: str) -> bool:
        """Whether this status means that the task was refused."""
        return is_listed(status, self.refused_statuses)


def options_of(account: TargetAccount) -> FreshdeskOptions:
    """Read an account's options; raises Rejected with the path of the first wrong one."""
    return build(FreshdeskOptions, **account.options)


def check(account: TargetAccount) -> None:
    """Refuse an account whose options are wrong, or that chooses fields which are not to be chosen."""
    reserved = _RESERVED | {options_of(account).approver_field}
    for name, field in account.fields.items():
        _CHOOSABLE.check(name, is_reserved=name in reserved)
        if name in _OWN and field is None:
            raise Rejected(f"every ticket has a `{name}`", code="bad_field")
        if name == "priority" and field is not TaskField.SEVERITY:
            raise Rejected("`priority` is a number, and only `severity` can be written as one", code="bad_field")


def owned(account: TargetAccount) -> tuple[str, ...]:
    """The fields that are written at every update."""
    return tuple(in_effect(DEFAULT_FIELDS, account.fields))


def custom_fields(account: TargetAccount) -> frozenset[str]:
    """The custom fields that an administrator must have added."""
    return frozenset({*_RESERVED, *owned(account)}) - _OWN


def fields(context: TaskInContext, account: TargetAccount) -> Mapping[str, str]:
    """Write a task down; raises Rejected where it has no text in the account's language."""
    return written(task_facts(context, account.language), DEFAULT_FIELDS, account.fields, _shaped)


def ticket_values(written: Mapping[str, str]) -> dict[str, object]:
    """Give the fields as a ticket takes them: its own at the top, custom ones under `custom_fields`."""
    custom = {name: value or None for name, value in written.items() if name not in _OWN}
    own: dict[str, object] = {name: value for name, value in written.items() if name in _OWN}
    if "priority" in own:
        own["priority"] = int(written["priority"])
    return {**own, "custom_fields": custom}


def ticket_fields(ticket: Mapping[str, Any]) -> dict[str, str]:
    """Read the fields back from a ticket; an empty one is an empty text."""
    custom = ticket.get("custom_fields") or {}
    return {name: _text(value) for name, value in {**custom, **{n: ticket.get(n) for n in _OWN}}.items()}


def task_of(key: str) -> str:
    """The value of `cf_quayside_task` for a task's key."""
    return digest(key)


def markup(text: str) -> str:
    """Write plain text as the markup of a description or a note."""
    return "<div>" + html.escape(text, quote=False).replace("\n", "<br>") + "</div>"


def in_one_line(text: str) -> str:
    """Take white space as one blank, as two ways of writing the same."""
    return " ".join(text.split())


def _shaped(name: str, _: TaskField, value: str) -> str:
    match name:
        case "subject":
            return value[:SUBJECT_LIMIT].strip()
        case "priority":
            return _PRIORITIES[value]
        case _:
            return value.strip()


def _text(value: object) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n")
