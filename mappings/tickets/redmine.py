"""A task in the fields of a Redmine 5 issue, and an issue as its REST API gives it.

Fields are named `subject`, `description` and `due_date`, as the API does, and `cf.NAME` for the custom fields. All of
them can be read back as they were written. The API's own names of custom fields are numbers, which the project tells.

Source: https://www.redmine.org/projects/redmine/wiki/Rest_Issues and a running 5.0.4, where it is silent.
"""

import re
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field

from contracts.connector import TaskInContext
from contracts.envelope import read_time
from contracts.errors import Rejected
from contracts.fields import TASK_INSTANTS, TaskField, in_effect, written
from contracts.model import Contract, build
from contracts.moment import zone
from contracts.settings import TargetAccount
from mappings.tickets.choosable import OwnOrCustom
from mappings.tickets.facts import task_facts
from mappings.tickets.listed_statuses import is_listed

SUBJECT_LIMIT = 255
"""Characters of a subject; of a longer one the whole issue is refused."""

Required = Annotated[str, Field(min_length=1)]

DEFAULT_FIELDS: Mapping[str, TaskField] = {
    "subject": TaskField.TITLE,
    "description": TaskField.DETAILS,
    "due_date": TaskField.DUE,
    "cf.OrderNo": TaskField.ORDER,
    "cf.Customer": TaskField.CUSTOMER,
    "cf.Promised": TaskField.PROMISED,
    "cf.LastScan": TaskField.LAST_SCAN,
    "cf.Kind": TaskField.KIND,
    "cf.Severity": TaskField.SEVERITY,
    "cf.Role": TaskField.ROLE,
}
"""Which value goes to which field, unless the account says otherwise."""
OWN = frozenset({"subject", "description", "due_date"})
"""The fields of an issue's own, beside custom ones, that can be written."""
_CUSTOM = "cf."
_CHOOSABLE = OwnOrCustom("an issue", OWN, re.compile(r"cf\..*", re.DOTALL), "cf.NAME")
_DAYS = TASK_INSTANTS | {TaskField.PROMISED_DAY}


class RedmineOptions(Contract, extra="forbid"):
    """The options of a `redmine` account.

    project: the identifier of the project in which issues are created. tracker: their tracker's name.
    external_key_field, task_key_field: the custom fields for the keys, which must be there; the latter must be used as
    a filter. approval_field: where people approve; we only read it, and `approved` is the value that means so. closed,
    reopened: the statuses with which we close, and open again. refused_statuses: those, separated by commas, that mean
    that a task was refused; which ones close an issue Redmine tells itself. zone: in whose days `due_date` is.
    timeout_seconds: how long one answer may take.
    """

    project: Required
    tracker: Required
    external_key_field: Required = "ExternalKey"
    task_key_field: Required = "TaskKey"
    approval_field: str = "Approval"
    approved: Required = "approved"
    closed: Required = "Closed"
    reopened: Required = "In Progress"
    refused_statuses: str = "Rejected"
    zone: Required = "UTC"
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 30.0

    def keys(self) -> tuple[str, str]:
        """The custom fields that are always there: of the episode's key and of the task's."""
        return self.external_key_field, self.task_key_field

    def is_refused(self, status: str) -> bool:
        """Whether this status means that the task was refused."""
        return is_listed(status, self.refused_statuses)


def options_of(account: TargetAccount) -> RedmineOptions:
    """Read an account's options; raises Rejected with the path of the first wrong one."""
    options = build(RedmineOptions, **account.options)
    zone(options.zone)
    return options


def check(account: TargetAccount) -> None:
    """Refuse an account whose options are wrong, or that chooses fields which no issue has, or which are not ours."""
    options = options_of(account)
    kept = {custom(name) for name in (*options.keys(), options.approval_field)}
    for name, field in account.fields.items():
        _CHOOSABLE.check(name, kept)
        if name == _CUSTOM:
            raise Rejected("`cf.` lacks the name of a custom field", code="bad_field")
        if name == "subject" and field is None:
            raise Rejected("an issue must have a `subject`", code="bad_field")
        if name == "due_date" and field not in {None, *_DAYS}:
            told = f"`due_date` takes an instant or a day ({', '.join(sorted(_DAYS))}), not {field}"
            raise Rejected(told, code="bad_field")


def owned(account: TargetAccount) -> frozenset[str]:
    """The fields that are written at every update: neither the keys, written once, nor the approval, only read."""
    return frozenset(in_effect(DEFAULT_FIELDS, account.fields))


def custom_fields(account: TargetAccount) -> frozenset[str]:
    """The names of the custom fields that the project must have, beside the approval, which it may have."""
    chosen = {name.removeprefix(_CUSTOM) for name in owned(account) if name.startswith(_CUSTOM)}
    return frozenset({*chosen, *options_of(account).keys()})


def fields(context: TaskInContext, account: TargetAccount) -> Mapping[str, str]:
    """Write a task down; raises Rejected where it has no text in the account's language."""
    facts = task_facts(context, account.language)
    return written(facts, DEFAULT_FIELDS, account.fields, partial(_shaped, zone(options_of(account).zone)))


def issue_values(written: Mapping[str, str], numbers: Mapping[str, int]) -> dict[str, object]:
    """Give the fields as the API takes them. numbers: of the custom fields, by name."""
    chosen = [
        {"id": numbers[name.removeprefix(_CUSTOM)], "value": value}
        for name, value in written.items()
        if name.startswith(_CUSTOM)
    ]
    return {name: value for name, value in written.items() if name in OWN} | {"custom_fields": chosen}


def issue_fields(issue: Mapping[str, Any]) -> dict[str, str]:
    """Read the fields back from an issue; an empty one is an empty text, and a list's values are a line each.

    Redmine ends the lines of a description with carriage returns, too.
    """
    own = {name: str(issue.get(name) or "") for name in OWN}
    chosen = {custom(field["name"]): _text(field.get("value")) for field in issue.get("custom_fields", ())}
    return {**own, "description": own["description"].replace("\r\n", "\n"), **chosen}


def custom(name: str) -> str:
    """Name a custom field as a field of ours."""
    return f"{_CUSTOM}{name}"


def _text(value: object) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _shaped(days: ZoneInfo, name: str, field: TaskField, value: str) -> str:
    """Write a value as Redmine keeps it in this field. days: in whose zone they are."""
    if name == "subject":
        return value[:SUBJECT_LIMIT].rstrip()
    if name == "due_date" and value and field in TASK_INSTANTS:
        return read_time(value).astimezone(days).date().isoformat()
    return value
