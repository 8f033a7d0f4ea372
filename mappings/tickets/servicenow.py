"""A task in the columns of a ServiceNow record, of `incident` or of another table that extends `task`.

Columns are named as the Table API names them. All are written and read as texts (`sysparm_display_value=false`): a time
is `YYYY-MM-DD HH:MM:SS` in UTC, a choice its value. What is not known is an empty text, which empties the column. A
text longer than its column is cut off there without a word, so the columns whose length is known are cut to it here.

Source: https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import Field

from contracts.connector import TaskInContext
from contracts.envelope import read_time
from contracts.errors import Rejected
from contracts.fields import TASK_INSTANTS, TaskField, in_effect, written
from contracts.identity import digest
from contracts.model import Contract, build
from contracts.settings import TargetAccount
from mappings.tickets.choosable import Choosable
from mappings.tickets.facts import task_facts
from mappings.tickets.listed_statuses import is_listed

PLACE, EPISODE = "correlation_id", "correlation_display"
"""The columns of every task for another system's ids: here the task's digest, and which episode of it this is."""
PREFIX = "quayside-"
"""With which our correlation ids begin."""
LENGTHS = {"short_description": 160, "description": 4000}
"""Characters that these columns hold as they are delivered; the rest is dropped."""

DEFAULT_FIELDS: Mapping[str, TaskField] = {
    "short_description": TaskField.TITLE,
    "description": TaskField.DETAILS,
    "due_date": TaskField.DUE,
    "urgency": TaskField.SEVERITY,
}
"""Which value goes to which column, unless the account says otherwise."""

_URGENCIES = {"grave": "1", "major": "2", "ordinary": "3"}
_TIME = "%Y-%m-%d %H:%M:%S"
_CHOOSABLE = Choosable("column", re.compile(r"[a-z][a-z0-9_]*"), "no column's name", "it has a meaning of its own")
_OURS = {PLACE, EPISODE, "sys_id", "state", "active", "close_code", "close_notes", "work_notes", "comments", "approval"}

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Choice = Annotated[str, Field(pattern=r"^-?[0-9]+$")]


class ServiceNowOptions(Contract, extra="forbid"):
    """The options of a `servicenow` account.

    table: where tasks are written, `incident` or another that extends `task`. authentication: what the secret is: a
    user's `name:password`, the token of an inbound REST `api_key`, or `client id:client secret` of an `oauth`
    application with the grant of client credentials. key_column: of our own, for the task's key. assignment_group: the
    sys_id of the group to which new records are given. closed, close_code: the state, and the resolution code, with
    which we close. closed_states, refused_states: those, separated by commas, in which a record is done, and of these
    the ones that mean it was refused. open_state: the one in which a record is opened again. timeout_seconds: how long
    one answer may take.
    """

    table: Name = "incident"
    authentication: Literal["basic", "api_key", "oauth"] = "basic"
    key_column: Name = "u_quayside_key"
    assignment_group: Annotated[str, Field(pattern=r"^([0-9a-f]{32})?$")] = ""
    closed: Choice = "6"
    close_code: str = "Solution provided"
    closed_states: str = "6, 7, 8"
    refused_states: str = "8"
    open_state: Choice = "2"
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 30.0

    def is_closed(self, state: str) -> bool:
        """Whether a record in this state is done."""
        return state == self.closed or is_listed(state, self.closed_states) or self.is_refused(state)

    def is_refused(self, state: str) -> bool:
        """Whether this state means that the task was refused."""
        return is_listed(state, self.refused_states)


def options_of(account: TargetAccount) -> ServiceNowOptions:
    """Read an account's options; raises Rejected with the path of the first wrong one."""
    return build(ServiceNowOptions, **account.options)


def check(account: TargetAccount) -> None:
    """Refuse an account whose options are wrong, or that chooses columns which are not to be chosen."""
    reserved = _OURS | {options_of(account).key_column}
    for name in account.fields:
        _CHOOSABLE.check(name, is_reserved=name in reserved or name.startswith("sys_"))


def owned(account: TargetAccount) -> tuple[str, ...]:
    """The columns that are written at every update."""
    return tuple(in_effect(DEFAULT_FIELDS, account.fields))


def fields(context: TaskInContext, account: TargetAccount) -> Mapping[str, str]:
    """Write a task down; raises Rejected where it has no text in the account's language."""
    return written(task_facts(context, account.language), DEFAULT_FIELDS, account.fields, _shaped)


def place(key: str) -> str:
    """The correlation id of a task."""
    return PREFIX + digest(key)


def read_moment(text: str) -> datetime:
    """Read a time as the Table API writes it; raises Rejected where it is none."""
    try:
        return datetime.strptime(text, _TIME).replace(tzinfo=UTC)
    except ValueError as error:
        raise Rejected(f"not a time of the Table API: {text!r}", code="bad_time") from error


def shown_moment(at: datetime) -> str:
    """Write a time as the Table API does, to the second."""
    return at.astimezone(UTC).strftime(_TIME)


def _shaped(name: str, field: TaskField, value: str) -> str:
    if name == "urgency":
        return _URGENCIES.get(value, value)
    if field in TASK_INSTANTS:
        return shown_moment(read_time(value)) if value else ""
    return value.strip()[: LENGTHS.get(name)].rstrip()
