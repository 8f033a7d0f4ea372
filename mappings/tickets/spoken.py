"""A message as people read it, in a mailbox or a chat group: heading, text, and which change is worth one. Pure.

Nobody wants a message for each scan. So people are told when a task opens, when it closes, and in between when it
becomes another matter: its title, its severity, who is called or by when it is due.
"""

from collections.abc import Mapping

from contracts.connector import NoticeInContext, TaskInContext
from contracts.fields import TaskField
from contracts.record_keys import RecordSort
from contracts.settings import TargetAccount
from mappings.tickets.facts import notice_facts, task_facts
from mappings.tickets.messages import Message, Occasion
from mappings.tickets.wording import Language

_TASK = (TaskField.TITLE, TaskField.DETAILS, TaskField.SEVERITY, TaskField.ROLE, TaskField.DUE)
_NOTICE = (TaskField.TITLE, TaskField.DETAILS)
_MATTERS = (TaskField.TITLE, TaskField.SEVERITY, TaskField.ROLE, TaskField.DUE)
AUDIENCE = "audience"
"""The field of a notice that holds the customer's number in the ERP: whose message it is."""

_HEADINGS: Mapping[Language, Mapping[Occasion, str]] = {
    "en": {Occasion.OPENED: "{}", Occasion.UPDATED: "Changed: {}", Occasion.CLOSED: "Closed: {}"},
    "zh-CN": {Occasion.OPENED: "{}", Occasion.UPDATED: "有变化：{}", Occasion.CLOSED: "已关闭：{}"},
}


def fields(context: TaskInContext, account: TargetAccount) -> Mapping[str, str]:
    """Write down what people are told of a task; raises Rejected where it has no text in the account's language."""
    facts = task_facts(context, account.language)
    return {field.value: facts[field] for field in _TASK}


def notice_fields(context: NoticeInContext, account: TargetAccount) -> Mapping[str, str]:
    """Write down what a customer is told; raises Rejected where it has no text in the account's language."""
    facts = notice_facts(context, account.language)
    return {field.value: facts[field] for field in _NOTICE} | {AUDIENCE: context.notice.audience}


def matters(told: Mapping[str, str], now: Mapping[str, str]) -> bool:
    """Whether people who were told the one need to know of the other."""
    return any(told.get(field) != now.get(field) for field in _MATTERS)


def heading(message: Message, language: Language) -> str:
    """Say in one line what a message is about."""
    return _HEADINGS[language][message.occasion].format(message.fields.get(TaskField.TITLE) or message.subject)


def text(message: Message) -> str:
    """Say it all; of a close, why."""
    return message.comment if message.occasion is Occasion.CLOSED else message.fields.get(TaskField.DETAILS, "")


def is_notice(message: Message) -> bool:
    """Whether it is for a customer, rather than for our own people."""
    return message.sort is RecordSort.NOTICE
