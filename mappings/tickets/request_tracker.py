"""A task in the fields of a Request Tracker 5 ticket, and a ticket as REST2 gives it.

Fields are named as TicketSQL names them: `Subject`, `Due`, and `CF.{NAME}` for the queue's custom fields. All of them
can be read back as they were written. The text stands in a custom field as well (`details`), because a ticket's first
message can be neither changed nor read with the ticket.

Source: https://docs.bestpractical.com/rt/5.0.3/RT/REST2.html and a running 5.0.3, where they differ.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import Field

from contracts.connector import TaskInContext
from contracts.model import Contract, build
from contracts.settings import TargetAccount
from mappings.tickets.wording import one_line, word

SUBJECT_LIMIT = 200
"""Bytes of a subject (UTF-8) that Request Tracker keeps; the rest it drops without a word."""

NEVER = "1970-01-01T00:00:00Z"
"""How REST2 writes a date that is not set."""

Quotable = Annotated[str, Field(pattern=r"^[^{}'\"\\\r\n]*$")]
"""A name that needs no escaping in TicketSQL."""
Required = Annotated[Quotable, Field(min_length=1)]


class RequestTrackerOptions(Contract, extra="forbid"):
    """The options of a `request-tracker` account.

    queue: where tickets are created. NAME_field: the custom field for that value; the first three must be there, an
    empty one of the others is not written. approval_field: where people approve; we only read it, and `approved` is the
    value that means so. closed: the status that we close with. closed_statuses, refused_statuses:
    those, separated by commas, in which a ticket is done, and of these the ones that mean it was refused.
    timeout_seconds: how long one answer may take.
    """

    queue: Required
    external_key_field: Required = "ExternalKey"
    task_key_field: Required = "TaskKey"
    details_field: Required = "Details"
    order_field: Quotable = "OrderNo"
    customer_field: Quotable = "Customer"
    promised_field: Quotable = "Promised"
    last_scan_field: Quotable = "LastScan"
    kind_field: Quotable = "Kind"
    severity_field: Quotable = "Severity"
    role_field: Quotable = "Role"
    approval_field: Quotable = "Approval"
    approved: Required = "approved"
    closed: Required = "resolved"
    closed_statuses: Required = "resolved, rejected, deleted"
    refused_statuses: str = "rejected, deleted"
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 30.0

    def custom_fields(self) -> frozenset[str]:
        """The custom fields that the queue must have."""
        return frozenset(getattr(self, name) for name in type(self).model_fields if name.endswith("_field")) - {""}

    def owned(self) -> frozenset[str]:
        """The fields that are written at every update: neither the keys, written once, nor the approval, only read."""
        not_ours = {self.external_key_field, self.task_key_field, self.approval_field}
        return frozenset({"Subject", "Due"} | {in_ticket_sql(name) for name in self.custom_fields() - not_ours})

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
        return status == self.closed or status in _names(self.closed_statuses)

    def is_refused(self, status: str) -> bool:
        """Whether this status means that the task was refused."""
        return status in _names(self.refused_statuses)


def options_of(account: TargetAccount) -> RequestTrackerOptions:
    """Read an account's options; raises Rejected with the path of the first wrong one."""
    return build(RequestTrackerOptions, **account.options)


def fields(context: TaskInContext, account: TargetAccount) -> Mapping[str, str]:
    """Write a task down; raises Rejected where it has no text in the account's language."""
    options, wording, task = options_of(account), word(context, account.language), context.task
    custom = {
        options.details_field: wording.details,
        options.order_field: one_line(wording.order),
        options.customer_field: wording.customer,
        options.promised_field: wording.promised,
        options.last_scan_field: wording.last_scan,
        options.kind_field: task.kind.value,
        options.severity_field: task.severity.value,
        options.role_field: task.role.value,
    }
    return {
        "Subject": wording.title.encode()[:SUBJECT_LIMIT].decode(errors="ignore").rstrip(),
        "Due": shown_time(task.due_at),
        **{in_ticket_sql(name): value for name, value in custom.items() if name},
    }


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


def _as_taken(time: str) -> str:
    """Write a time as REST2 takes one: in UTC without saying so.

    An update with a `Z` reports success and leaves a date that reads as never set; one with an offset clears it.
    """
    return time.replace("T", " ").removesuffix("Z")


def _is_custom(name: str) -> bool:
    return name.startswith("CF.{")


def _custom_name(name: str) -> str:
    return name.removeprefix("CF.{").removesuffix("}")


def _names(listed: str) -> frozenset[str]:
    return frozenset(name.strip() for name in listed.split(","))
