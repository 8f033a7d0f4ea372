"""A task in the attributes of a Zammad ticket.

Attributes are named as Zammad names them: its own (`title`, `priority`), and those that an administrator added. All are
written and read as texts; a priority by its name. An attribute that is not there is left out of a write without a word.
What is not known is an empty text, which Zammad keeps as null. The text stands in an attribute of its own
(`quayside_details`), because articles are only ever added.

Source: https://docs.zammad.org/en/latest/api/ticket/index.html and https://docs.zammad.org/en/latest/api/object.html
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

TASK, KEY, EPISODE = "quayside_task", "quayside_key", "quayside_episode"
"""The attributes for our keys: the task's digest, by which all its tickets are found; its key; which episode it is."""
TITLE_LIMIT = 200
"""Characters of a title (`maxlength` of the attribute)."""

DEFAULT_FIELDS: Mapping[str, TaskField] = {
    "title": TaskField.TITLE,
    "priority": TaskField.SEVERITY,
    "quayside_details": TaskField.DETAILS,
    "quayside_order": TaskField.ORDER,
    "quayside_customer": TaskField.CUSTOMER,
    "quayside_promised": TaskField.PROMISED,
    "quayside_last_scan": TaskField.LAST_SCAN,
    "quayside_kind": TaskField.KIND,
    "quayside_role": TaskField.ROLE,
    "quayside_due": TaskField.DUE,
}
"""Which value goes to which attribute, unless the account says otherwise."""

_PRIORITIES = {"grave": "3 high", "major": "2 normal", "ordinary": "1 low"}
_OWN = {"title", "priority"}
_CHOOSABLE = Choosable(
    "attribute", re.compile(r"[a-z][a-z0-9_]*"), "no attribute's name", "it has a meaning of its own"
)
_ZAMMADS = {"id", "number", "state", "group", "owner", "customer", "organization", "article", "tags", "note", "type"}
_RESERVED = {TASK, KEY, EPISODE} | _ZAMMADS
_TAG = re.compile(r"<[^>]*>")

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Required = Annotated[str, Field(min_length=1)]


class ZammadOptions(Contract, extra="forbid"):
    """The options of a `zammad` account.

    group: by its name, where tickets are created. customer: whose tickets they are, by e-mail address or login; our own
    user where it is empty. closed: the state that we close with. closed_states, refused_states: those, separated by
    commas, in which a ticket is done, and of these the ones that mean it was refused. open_state: the one in which a
    ticket is opened again. approval_attribute: where people approve; we only read it, and `approved` is the value that
    means so. timeout_seconds: how long one answer may take.
    """

    group: Required
    customer: str = ""
    closed: Required = "closed"
    closed_states: Required = "closed, merged, removed"
    refused_states: str = "removed"
    open_state: Required = "open"
    approval_attribute: Name = "quayside_approval"
    approved: Required = "approved"
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 30.0

    def is_closed(self, state: str) -> bool:
        """Whether a ticket in this state is done."""
        return state == self.closed or is_listed(state, self.closed_states) or self.is_refused(state)

    def is_refused(self, state: str) -> bool:
        """Whether this state means that the task was refused."""
        return is_listed(state, self.refused_states)


def options_of(account: TargetAccount) -> ZammadOptions:
    """Read an account's options; raises Rejected with the path of the first wrong one."""
    return build(ZammadOptions, **account.options)


def check(account: TargetAccount) -> None:
    """Refuse an account whose options are wrong, or that chooses attributes which are not to be chosen."""
    reserved = _RESERVED | {options_of(account).approval_attribute}
    for name, field in account.fields.items():
        _CHOOSABLE.check(name, is_reserved=name in reserved or name.endswith(("_id", "_at")))
        if name == "title" and field is None:
            raise Rejected("every ticket has a `title`", code="bad_field")


def owned(account: TargetAccount) -> tuple[str, ...]:
    """The attributes that are written at every update."""
    return tuple(in_effect(DEFAULT_FIELDS, account.fields))


def added(account: TargetAccount) -> frozenset[str]:
    """The attributes that an administrator must have added."""
    return frozenset({TASK, KEY, EPISODE, *owned(account)}) - _OWN


def fields(context: TaskInContext, account: TargetAccount) -> Mapping[str, str]:
    """Write a task down; raises Rejected where it has no text in the account's language."""
    return written(task_facts(context, account.language), DEFAULT_FIELDS, account.fields, _shaped)


def task_of(key: str) -> str:
    """The value of `quayside_task` for a task's key."""
    return digest(key)


def said(article: Mapping[str, Any]) -> str:
    """The words of an article, without markup, in one line."""
    body = str(article.get("body") or "")
    is_html = article.get("content_type") == "text/html"
    return " ".join((html.unescape(_TAG.sub(" ", body)) if is_html else body).split())


def _shaped(name: str, _: TaskField, value: str) -> str:
    match name:
        case "title":
            return value[:TITLE_LIMIT].strip()
        case "priority":
            return _PRIORITIES.get(value, value)
        case _:
            return value.strip()
