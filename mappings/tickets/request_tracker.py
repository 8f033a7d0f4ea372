"""A task in the fields of a Request Tracker 5 ticket, and a ticket as REST2 gives it.

Fields are named as TicketSQL names them: `Subject`, `Due`, and `CF.{NAME}` for the queue's custom fields. All of them
can be read back as they were written. The text stands in a custom field (`details_field`), because a ticket's first
message can be neither changed nor read with the ticket.

Source: https://docs.bestpractical.com/rt/5.0.3/RT/REST2.html and a running 5.0.3, where they differ.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
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
from mappings.tickets.listed_statuses import is_listed

SUBJECT_LIMIT = 200
"""Bytes of a subject (UTF-8) that Request Tracker keeps; the rest it drops without a word."""

NEVER = "1970-01-01T00:00:00Z"
"""How REST2 writes a date that is not set."""

Quotable = Annotated[str, Field(pattern=r"^[^{}'\"\\\r\n]*$")]
"""A name that needs no escaping in TicketSQL."""
Required = Annotated[Quotable, Field(min_length=1)]

DEFAULT_FIELDS: Mapping[str, TaskField] = {
    "Subject": TaskField.TITLE,
    "Due": TaskField.DUE,
    "CF.{OrderNo}": TaskField.ORDER,
    "CF.{Customer}": TaskField.CUSTOMER,
    "CF.{Promised}": TaskField.PROMISED,
    "CF.{LastScan}": TaskField.LAST_SCAN,
    "CF.{Kind}": TaskField.KIND,
    "CF.{Severity}": TaskField.SEVERITY,
    "CF.{Role}": TaskField.ROLE,
}
"""Which value goes to which field, unless the account says otherwise."""
OWN = frozenset({"Subject", "Due"})
"""The fields of a ticket's own, beside custom ones, that can be written and read back."""
_CHOOSABLE = OwnOrCustom("a ticket", OWN, re.compile(r"CF\.\{[^{}'\"\\\r\n]+\}"), "CF.{NAME}")


class RequestTrackerOptions(Contract, extra="forbid"):
    """The options of a `request-tracker` account.

    queue: where tickets are created. external_key_field, task_key_field, details_field: the custom fields for the keys
    and the text, which must be there. approval_field: where people approve; we only read it, and `approved` is the
    value that means so. closed: the status that we close with; reopened: the one with which we open again.
    closed_statuses, refused_statuses: those, separated by commas, in which a ticket is done, and of these the ones that
    mean it was refused.
    timeout_seconds: how long one answer may take.
    """

    queue: Required
    external_key_field: Required = "ExternalKey"
    task_key_field: Required = "TaskKey"
    details_field: Required = "Details"
    approval_field: Quotable = "Approval"
    approved: Required = "approved"
    closed: Required = "resolved"
    reopened: Required = "open"
    closed_statuses: Required = "resolved, rejected, deleted"
    refused_statuses: str = "rejected, deleted"
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 30.0

    def always(self) -> tuple[str, ...]:
        """The custom fields that are always there: of the two keys, and of the text."""
        return self.external_key_field, self.task_key_field, self.details_field

    def approval(self, ticket: Mapping[str, Any]) -> str:
        """The number of the approval's custom field in a ticket whose field says that it was approved, else empty."""
        return next(
            (
                str(field["id"])
                for field in ticket["CustomFields"]
                if field["name"] == self.approval_field and self.approved in field["values"]
            ),
            "",
        )

    def is_closed(self, status: str) -> bool:
        """Whether a ticket in this status is done."""
        return status == self.closed or is_listed(status, self.closed_statuses)

    def is_refused(self, status: str) -> bool:
        """Whether this status means that the task was refused."""
        return is_listed(status, self.refused_statuses)


DELETED = "deleted"
"""The status of a ticket that was deleted: no search finds it, and it can still be read."""
NOBODY = "Nobody"
"""The user who owns what nobody owns."""


def owner_of(ticket: Mapping[str, Any]) -> str:
    """Read whose a ticket is; empty where it is nobody's."""
    owner = ticket.get("Owner")
    name = str(owner.get("id", "")) if isinstance(owner, Mapping) else str(owner or "")
    return "" if name == NOBODY else name


def options_of(account: TargetAccount) -> RequestTrackerOptions:
    """Read an account's options; raises Rejected with the path of the first wrong one."""
    return build(RequestTrackerOptions, **account.options)


def check(account: TargetAccount) -> None:
    """Refuse an account whose options are wrong, or that chooses fields which no ticket has, or which are not ours."""
    options = options_of(account)
    kept = {in_ticket_sql(name) for name in options.always()} | {in_ticket_sql(options.approval_field)}
    for name, field in account.fields.items():
        _CHOOSABLE.check(name, kept)
        if name == "Due" and field not in {None, *TASK_INSTANTS}:
            told = f"`Due` takes an instant ({', '.join(sorted(TASK_INSTANTS))}), not {field}"
            raise Rejected(told, code="bad_field")


def owned(account: TargetAccount) -> frozenset[str]:
    """The fields that are written at every update: neither the keys, written once, nor the approval, only read."""
    details = in_ticket_sql(options_of(account).details_field)
    return frozenset({details, *in_effect(DEFAULT_FIELDS, account.fields)})


def custom_fields(account: TargetAccount) -> frozenset[str]:
    """The names of the custom fields that the queue must have."""
    options = options_of(account)
    chosen = {_custom_name(name) for name in owned(account) if _is_custom(name)}
    return frozenset({*chosen, *options.always(), options.approval_field} - {""})


def fields(context: TaskInContext, account: TargetAccount) -> Mapping[str, str]:
    """Write a task down; raises Rejected where it has no text in the account's language."""
    facts = task_facts(context, account.language)
    shaped = written(facts, DEFAULT_FIELDS, account.fields, _shaped)
    return shaped | {in_ticket_sql(options_of(account).details_field): facts[TaskField.DETAILS]}


def ticket_values(written: Mapping[str, str]) -> dict[str, object]:
    """Give the fields as REST2 takes them: its own at the top, custom ones under `CustomFields`."""
    custom = {_custom_name(name): value for name, value in written.items() if _is_custom(name)}
    own: dict[str, object] = {name: value for name, value in written.items() if not _is_custom(name)}
    if "Due" in written:
        own["Due"] = _as_taken(written["Due"])
    return own | {"CustomFields": custom}


def ticket_fields(ticket: Mapping[str, Any]) -> dict[str, str]:
    """Read the fields back from a ticket as REST2 gives it; an empty one is an empty text."""
    custom = {in_ticket_sql(field["name"]): "\n".join(field["values"]) for field in ticket["CustomFields"]}
    due = ticket["Due"]
    return {"Subject": ticket["Subject"], "Due": "" if due == NEVER else due, **custom}


def in_ticket_sql(custom_field: str) -> str:
    """Name a custom field as TicketSQL does."""
    return f"CF.{{{custom_field}}}"


def quoted(value: str) -> str:
    """Write a value as TicketSQL takes it."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def shown_time(at: datetime) -> str:
    """Write an instant as REST2 shows one, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _shaped(name: str, _: TaskField, value: str) -> str:
    """Write a value as Request Tracker keeps it in this field."""
    match name:
        case "Subject":
            return value.encode()[:SUBJECT_LIMIT].decode(errors="ignore").rstrip()
        case "Due":
            return shown_time(read_time(value)) if value else ""
        case _:
            return value


def _as_taken(time: str) -> str:
    """Write a time as REST2 takes one: in UTC without saying so.

    An update with a `Z` reports success and leaves a date that reads as never set; one with an offset clears it.
    """
    return time.replace("T", " ").removesuffix("Z")


def _is_custom(name: str) -> bool:
    return name.startswith("CF.{")


def _custom_name(name: str) -> str:
    return name.removeprefix("CF.{").removesuffix("}")
