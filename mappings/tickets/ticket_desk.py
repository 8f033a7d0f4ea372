"""A task in the fields of the ticket desk (`quayside receive`): all texts, all plain."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from contracts.connector import NoticeInContext, TaskInContext
from contracts.fields import TaskField, written
from contracts.model import Contract, build
from contracts.settings import TargetAccount
from mappings.tickets.facts import notice_facts, task_facts

DEFAULT_FIELDS: Mapping[str, TaskField] = {
    field.value: field
    for field in (
        TaskField.TITLE,
        TaskField.TEXT,
        TaskField.ORDER,
        TaskField.CUSTOMER,
        TaskField.PROMISED,
        TaskField.LAST_SCAN,
        TaskField.KIND,
        TaskField.SEVERITY,
        TaskField.ROLE,
        TaskField.SINCE,
        TaskField.DUE,
    )
}
"""Which value goes to which field, unless the account says otherwise: here both are called the same."""


class TicketDeskOptions(Contract, extra="forbid"):
    """The options of a `ticket-desk` account. timeout_seconds: how long one answer may take."""

    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 10.0


def options_of(account: TargetAccount) -> TicketDeskOptions:
    """Read an account's options; raises Rejected with the path of the first wrong one."""
    return build(TicketDeskOptions, **account.options)


def fields(context: TaskInContext, account: TargetAccount) -> Mapping[str, str]:
    """Write a task down; raises Rejected where it has no text in the account's language."""
    return written(task_facts(context, account.language), DEFAULT_FIELDS, account.fields)


def notice_fields(context: NoticeInContext, account: TargetAccount) -> Mapping[str, str]:
    """Write a notice to a customer down; raises Rejected where it has no text in the account's language."""
    said = written(notice_facts(context, account.language), DEFAULT_FIELDS, account.fields)
    return {name: value for name, value in said.items() if value}
