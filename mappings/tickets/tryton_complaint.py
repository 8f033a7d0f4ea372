"""A task as a complaint of Tryton 8 (module sale_complaint): its description and its reference.

The reference holds the task's key and that of the episode, `quayside KEY EPISODE`; it is written once, and found by its
beginning. Source: trytond 8.2, modules/sale_complaint/complaint.py (https://docs.tryton.org/latest/modules-sale-complaint/).
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from contracts.connector import TaskInContext
from contracts.errors import Rejected
from contracts.fields import TaskField
from contracts.identity import parts
from contracts.model import Contract, build
from contracts.settings import TargetAccount
from mappings.tickets.facts import task_facts

DESCRIPTION = "description"
OURS = "quayside"
_OF_ORDERS = {"order", "after"}

Required = Annotated[str, Field(min_length=1)]


class ComplaintOptions(Contract, extra="forbid"):
    """The options of a `tryton-complaint` account.

    type: the name of the complaint type; its origin is Sale. company: the number that it has, where the key's user
    sees several. customer: the code of the party about which a task complains whose order Tryton does not know; without
    it such a task is refused. timeout_seconds: how long one answer may take.
    """

    type: Required
    company: Annotated[str, Field(pattern=r"^[0-9]*$")] = ""
    customer: str = ""
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 30.0


def options_of(account: TargetAccount) -> ComplaintOptions:
    """Read an account's options; raises Rejected with the path of the first wrong one."""
    return build(ComplaintOptions, **account.options)


def check(account: TargetAccount) -> None:
    """Refuse an account whose options are wrong, or that chooses fields: a complaint has one that can be ours."""
    options_of(account)
    for name in account.fields:
        raise Rejected(
            f"the field `{name}` cannot be chosen: of a complaint only its text is written", code="bad_field"
        )


def fields(context: TaskInContext, account: TargetAccount) -> Mapping[str, str]:
    """Write a task down; raises Rejected where it has no text in the account's language.

    Its title stands in a line of its own, above an empty one (`is_text`).
    """
    facts = task_facts(context, account.language)
    return {DESCRIPTION: f"{facts[TaskField.TITLE]}\n\n{facts[TaskField.DETAILS]}".strip()}


def is_text(note: str) -> bool:
    """Whether a note of ours is a description that could not be written any more, rather than a word beside it."""
    return note.split("\n")[1:2] == [""]


def order_of(key: str) -> str:
    """Name the order that a task's key is about; empty where it is about none."""
    _, scope, subject, *_ = parts(key.encode())
    return subject if scope in _OF_ORDERS else ""


def reference(key: str, idempotency_key: str) -> str:
    """Write both keys into a reference."""
    return f"{OURS} {key} {idempotency_key}"


def keys_of(found: str) -> tuple[str, str]:
    """Read both keys from a reference; empty where it is none of ours."""
    ours, _, rest = found.partition(" ")
    key, _, idempotency_key = rest.rpartition(" ")
    return (key, idempotency_key) if ours == OURS and key else ("", "")


def beginning(key: str = "") -> str:
    """Give the pattern (SQL LIKE) of the references of a task's episodes; of all of ours without a key."""
    for special in ("\\", "%", "_"):
        key = key.replace(special, f"\\{special}")
    return f"{OURS} {key} %" if key else f"{OURS} %"
