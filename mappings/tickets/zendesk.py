"""A task in the fields of a Zendesk ticket.

Fields are the ticket's own (`subject`, `priority`, `due_at`) and custom ones by their ids. The text stands in a custom
field, because a ticket's first comment can be neither changed nor read with it.

Source: https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/
"""

import re
from collections.abc import Mapping
from datetime import UTC
from typing import Annotated, Any

from pydantic import Field

from contracts.connector import TaskInContext
from contracts.envelope import read_time
from contracts.errors import Rejected
from contracts.fields import TASK_INSTANTS, TaskField, in_effect, written
from contracts.model import Contract, build
from contracts.settings import TargetAccount
from mappings.tickets.choosable import OwnOrCustom
from mappings.tickets.facts import task_facts

DEFAULT_FIELDS: Mapping[str, TaskField] = {
    "subject": TaskField.TITLE,
    "priority": TaskField.SEVERITY,
    "due_at": TaskField.DUE,
}
"""Which value goes to which field, unless the account says otherwise; ids of custom fields are each account's own."""
OWN = frozenset({"subject", "priority", "due_at"})
"""The fields of a ticket's own that can be chosen."""

_CUSTOM = re.compile(r"[1-9]\d*")
_CHOOSABLE = OwnOrCustom("a ticket", OWN, _CUSTOM, "the id of a custom field")
_PRIORITIES = {"grave": "urgent", "major": "high", "ordinary": "normal", "": ""}
_SUBJECT_LIMIT = 150

FieldId = Annotated[str, Field(pattern=r"^[1-9]\d*$")]
Number = Annotated[str, Field(pattern=r"^([1-9]\d*)?$")]
Tag = Annotated[str, Field(pattern=r"^[^\s,]+$")]


class ZendeskOptions(Contract, extra="forbid"):
    """The options of a `zendesk` account.

    email: of the agent as whom we write. key_field, episode_field, details_field: the ids of the custom fields for our
    keys and the text. requester_id, group_id, brand_id, ticket_form_id: of new tickets; empty where Zendesk chooses.
    refused_tag, approved_tag: with which people say that they refuse and that they approve; we only read both.
    timeout_seconds: how long one answer may take.
    """

    email: Annotated[str, Field(pattern=r"^[^\s/]+@[^\s/]+$")]
    key_field: FieldId
    episode_field: FieldId
    details_field: FieldId
    requester_id: Number = ""
    group_id: Number = ""
    brand_id: Number = ""
    ticket_form_id: Number = ""
    refused_tag: Tag = "refused"
    approved_tag: Tag = "approved"
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 30.0

    def always(self) -> tuple[str, ...]:
        """The custom fields that are always there."""
        return self.key_field, self.episode_field, self.details_field

    def new_ticket(self) -> dict[str, int]:
        """What a new ticket is given beside our fields."""
        told = {
            "requester_id": self.requester_id,
            "group_id": self.group_id,
            "brand_id": self.brand_id,
            "ticket_form_id": self.ticket_form_id,
        }
        return {name: int(number) for name, number in told.items() if number}


def options_of(account: TargetAccount) -> ZendeskOptions:
    """Read an account's options; raises Rejected with the path of the first wrong one."""
    return build(ZendeskOptions, **account.options)


def check(account: TargetAccount) -> None:
    """Refuse an account whose options are wrong, or that chooses fields which no ticket has, or which are not ours."""
    always = options_of(account).always()
    if len(set(always)) < len(always):
        raise Rejected("key_field, episode_field and details_field must be three fields", code="bad_option")
    for name, chosen in account.fields.items():
        _CHOOSABLE.check(name, always)
        if name == "due_at" and chosen not in {None, *TASK_INSTANTS}:
            raise Rejected(f"`due_at` takes an instant ({', '.join(sorted(TASK_INSTANTS))})", code="bad_field")


def owned(account: TargetAccount) -> tuple[str, ...]:
    """The fields that are written at every update."""
    return (*in_effect(DEFAULT_FIELDS, account.fields), options_of(account).details_field)


def custom_fields(account: TargetAccount) -> tuple[str, ...]:
    """The ids of the custom fields that must be there."""
    return tuple(dict.fromkeys((*options_of(account).always(), *(n for n in owned(account) if _CUSTOM.fullmatch(n)))))


def fields(context: TaskInContext, account: TargetAccount) -> Mapping[str, str]:
    """Write a task down; raises Rejected where it has no text in the account's language."""
    facts = task_facts(context, account.language)
    shaped = written(facts, DEFAULT_FIELDS, account.fields, _shaped)
    return shaped | {options_of(account).details_field: facts[TaskField.DETAILS]}


def ticket_values(written: Mapping[str, str]) -> dict[str, Any]:
    """Give fields as the API takes them; only a ticket of the type `task` has a due date."""
    own: dict[str, Any] = {name: value or None for name, value in written.items() if name in OWN}
    if "due_at" in own:
        own["type"] = "task"
    custom = [{"id": int(name), "value": value or None} for name, value in written.items() if name not in OWN]
    return own | ({"custom_fields": custom} if custom else {})


def ticket_fields(ticket: Mapping[str, Any]) -> dict[str, str]:
    """Read all fields back; what is empty is an empty text."""
    custom = {str(field["id"]): _text(field["value"]) for field in ticket["custom_fields"]}
    return {name: _text(ticket.get(name)) for name in OWN} | custom


def _shaped(name: str, _: TaskField, value: str) -> str:
    match name:
        case "subject":
            return value[:_SUBJECT_LIMIT].strip()
        case "priority":
            return _PRIORITIES.get(value, value)
        case "due_at":
            return read_time(value).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else ""
        case _:
            return value.strip()


def _text(value: object) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n")
