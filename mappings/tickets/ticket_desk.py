"""A task in the fields of the ticket desk (`quayside receive`): all texts, all plain."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from contracts.connector import NoticeInContext, TaskInContext
from contracts.envelope import write_time
from contracts.errors import Rejected
from contracts.model import Contract, build
from contracts.settings import TargetAccount
from mappings.tickets.wording import word


class TicketDeskOptions(Contract, extra="forbid"):
    """The options of a `ticket-desk` account. timeout_seconds: how long one answer may take."""

    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 10.0


def options_of(account: TargetAccount) -> TicketDeskOptions:
    """Read an account's options; raises Rejected with the path of the first wrong one."""
    return build(TicketDeskOptions, **account.options)


def fields(context: TaskInContext, account: TargetAccount) -> Mapping[str, str]:
    """Write a task down; raises Rejected where it has no text in the account's language."""
    wording, task = word(context, account.language), context.task
    return {
        "title": wording.title,
        "text": wording.body,
        "order": wording.order,
        "customer": wording.customer,
        "promised": wording.promised,
        "last_scan": wording.last_scan,
        "kind": task.kind,
        "severity": task.severity,
        "role": task.role,
        "since": write_time(task.since).decode(),
        "due": write_time(task.due_at).decode(),
    }


def notice_fields(context: NoticeInContext, account: TargetAccount) -> Mapping[str, str]:
    """Write a notice to a customer down; raises Rejected where it has no text in the account's language."""
    notice = context.notice
    text = notice.texts.get(account.language)
    if text is None:
        raise Rejected(f"notice {notice.key} has no text in {account.language}", code="text_missing")
    return {
        "title": text.title,
        "text": text.body,
        "order": context.subject,
        "customer": (context.view.customer_name or context.view.customer) if context.view else notice.audience,
        "kind": "notice",
        "since": write_time(notice.since).decode(),
    }
