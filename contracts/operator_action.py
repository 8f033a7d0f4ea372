"""What an operator decided about an order, a parcel or a task, as a fact: who, when and why. Each can be undone."""

from datetime import date
from enum import StrEnum
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from contracts.errors import Rejected
from contracts.identity import digest, parts
from contracts.model import Contract
from contracts.moment import Instant


class Act(StrEnum):
    """What was decided.

    link, unlink: a parcel carries the order, or does not, whatever the documents say. snooze: a task sleeps until an
    instant. close: a task stays closed as long as its cause holds. reopen: a task is asked again, whatever closed it.
    confirm: it was delivered, though the carrier does not say so; or what a task asks for was done. agree: the customer
    agreed to another day for some lines, as when the ERP says so. note: something that others should know. undo:
    another action never was.
    """

    LINK = "link"
    UNLINK = "unlink"
    SNOOZE = "snooze"
    CLOSE = "close"
    REOPEN = "reopen"
    CONFIRM = "confirm"
    AGREE = "agree"
    NOTE = "note"
    UNDO = "undo"


_NEEDS: dict[Act, tuple[str, ...]] = {
    Act.LINK: ("parcel",),
    Act.UNLINK: ("parcel",),
    Act.SNOOZE: ("task", "until"),
    Act.CLOSE: ("task",),
    Act.REOPEN: ("task",),
    Act.CONFIRM: (),
    Act.AGREE: ("promised", "lines"),
    Act.NOTE: (),
    Act.UNDO: ("undoes",),
}


_PARTS_OF_A_TASK = 5
"""account, scope, subject, what it is about, kind"""


class OperatorAction(Contract):
    """One action on what the snapshot of `scope` and `subject` is about; of a closed order that of scope `after`.

    task: the key of the task it answers. parcel: a tracking number; an undo repeats that of what it undoes. carrier and
    document: of a link, whose parcel it is and which goods issue it carries, where that is known. happened_at: when a
    linked parcel left (else within 60 days before the link), or it was delivered: the parcel, or without one all that
    had left. approved_by: of a close, where the task needs an approval. promised: the last day of the new promise, in
    the destination's zone; lines: the order's, of which it is. undoes: the id of another action.
    """

    kind: ClassVar[str] = "operator_action"

    account: str = Field(min_length=1)
    scope: Literal["order", "after", "parcel", "case"]
    subject: str = Field(min_length=1)
    act: Act
    at: Instant
    by: str = Field(min_length=1, max_length=200)
    why: str = Field(min_length=1, max_length=2000)
    task: str = ""
    until: Instant | None = None
    parcel: str = ""
    carrier: str = ""
    document: str = ""
    happened_at: Instant | None = None
    approved_by: str = ""
    promised: date | None = None
    lines: tuple[str, ...] = ()
    undoes: str = ""

    @property
    def id(self) -> str:
        """The same for the same action, told once or five times."""
        return digest(self.encode(), size=8)

    @property
    def version(self) -> Instant:
        """When it was decided; it is never told anew."""
        return self.at

    def edition(self, body: bytes) -> str:
        """Order two contents of one version, as those of an order's facts. body: this action, encoded."""
        return digest(body, size=8)

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        missing = [name for name in _NEEDS[self.act] if not getattr(self, name)]
        if missing:
            raise ValueError(f"{self.act} needs {' and '.join(missing)}")
        if self.act is Act.CONFIRM and bool(self.task) is (self.happened_at is not None):
            raise ValueError("confirm needs either a task, or happened_at of a delivery")
        if self.parcel and self.act is not Act.UNDO and self.scope != "order":
            raise ValueError(f"{self.act} is about an order's parcel")
        if self.act is Act.AGREE and self.scope != "order":
            raise ValueError("agree is about an order's lines")
        if self.task:
            _check_task(self.task, (self.account, self.scope, self.subject))
        if self.until is not None and self.until <= self.at:
            raise ValueError("until is not after at")
        return self


def _check_task(task: str, place: tuple[str, str, str]) -> None:
    """Refuse what is no task's key, or that of a task which stands elsewhere."""
    try:
        named = parts(task.encode())
    except Rejected as error:
        raise ValueError(error.reason) from error
    if len(named) != _PARTS_OF_A_TASK or named[: len(place)] != place:
        raise ValueError(f"{task} is no task of {'/'.join(place)}")
