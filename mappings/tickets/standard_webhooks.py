"""What a subscriber is told by Standard Webhooks: `{"type", "timestamp", "data"}`.

    task.opened, task.updated, task.closed     a task, as long as its cause holds
    order.status_changed                       how far an order's delivery is, each time that it changes
    order.step_recorded                        one thing that happened to an order
    notice.issued                              what a customer is to be told

data: `{"key", "record", "fields", "comment"}`. key: what it is about. record: the same in all messages about one task,
from its opening to its closing. fields: canonical names and their values; all texts. comment: beside an update what has
happened and what to do, and of a closing the reason.

Source: Standard Webhooks 1.0, sections "Webhook payload" and "Event types".
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field

from contracts.connector import NoticeInContext, TaskInContext
from contracts.envelope import write_time
from contracts.fields import TaskField, written
from contracts.model import Contract, build
from contracts.record_keys import RecordSort
from contracts.settings import TargetAccount
from mappings.tickets.facts import notice_facts, task_facts
from mappings.tickets.messages import Message

DEFAULT_FIELDS: Mapping[str, TaskField] = {field.value: field for field in TaskField if field is not TaskField.DETAILS}
"""Which value goes to which name, unless the account says otherwise: all of them, and no text that repeats others."""
_TYPES = {
    RecordSort.NOTICE: "notice.issued",
    RecordSort.STATUS: "order.status_changed",
    RecordSort.STEP: "order.step_recorded",
}


class StandardWebhooksOptions(Contract, extra="forbid"):
    """The options of a `standard-webhooks` account.

    timeout_seconds: how long one answer may take; the specification recommends 15 to 30.
    """

    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 20.0


def options_of(account: TargetAccount) -> StandardWebhooksOptions:
    """Read an account's options; raises Rejected with the path of the first wrong one."""
    return build(StandardWebhooksOptions, **account.options)


def fields(context: TaskInContext, account: TargetAccount) -> Mapping[str, str]:
    """Write a task down; raises Rejected where it has no text in the account's language."""
    return written(task_facts(context, account.language), DEFAULT_FIELDS, account.fields)


def notice_fields(context: NoticeInContext, account: TargetAccount) -> Mapping[str, str]:
    """Write a notice to a customer down; raises Rejected where it has no text in the account's language."""
    said = written(notice_facts(context, account.language), DEFAULT_FIELDS, account.fields)
    return {name: value for name, value in said.items() if value}


def event_type(message: Message) -> str:
    """Name what a message tells."""
    return _TYPES.get(message.sort, f"task.{message.occasion}")


def payload(message: Message, at: datetime) -> bytes:
    """Write a message as it is signed and sent; at: when it is."""
    data = {
        "key": message.key,
        "record": message.record,
        "fields": dict(message.fields),
        "comment": message.comment,
    }
    event = {"type": event_type(message), "timestamp": write_time(at).decode(), "data": data}
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
