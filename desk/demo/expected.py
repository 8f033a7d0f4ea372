"""The reviewed outcome of the day (day/expected.yaml), read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import yaml
from pydantic import ValidationError

from contracts.errors import Rejected
from contracts.model import rejection
from contracts.snapshot import DeliveryStatus, Kind, Role
from desk.demo.outcome import Outcome, TaskRecord
from desk.demo.registrations import Answer, Registrations
from desk.demo.story import DAY, Part, Story
from desk.demo.written import Time


@dataclass(frozen=True, slots=True)
class Expected:
    """All that must come of the day. perhaps: parcels that may have been registered for a while, and have ended.

    steps: of some orders, every step that a subscriber is told, in order.
    """

    outcome: Outcome
    registrations: Registrations
    perhaps: frozenset[str]
    steps: Mapping[str, tuple[str, ...]]


class _Task(Part):
    kind: Kind
    subject: str
    state: Literal["open", "closed"]
    role: Role
    since: Time | None = None


class _Registrations(Part):
    open: tuple[str, ...]
    ended: tuple[str, ...]
    perhaps: tuple[str, ...]
    answers: dict[str, tuple[Answer, ...]]
    again: tuple[str, ...]


class _Expected(Part):
    orders: dict[DeliveryStatus, list[str]]
    findings: dict[Kind, list[str]]
    tasks: list[_Task]
    dead_letters: int
    registrations: _Registrations
    steps: dict[str, tuple[str, ...]]


def read_expected(story: Story) -> Expected:
    """Read the reviewed outcome that comes with the product."""
    text = (DAY / "expected.yaml").read_text(encoding="utf-8")
    try:
        told = _Expected.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        raise Rejected(f"the demo's expected outcome: {rejection(error)}", code="bad_story") from error
    return Expected(
        outcome=Outcome(
            orders={order: str(status) for status, orders in told.orders.items() for order in orders},
            findings=frozenset((kind, subject) for kind, subjects in told.findings.items() for subject in subjects),
            tasks={
                (task.kind, task.subject): (
                    TaskRecord(task.state == "open", task.role, story.at(task.since) if task.since else None),
                )
                for task in told.tasks
            },
            dead_letters=told.dead_letters,
        ),
        registrations=_registrations(told.registrations),
        perhaps=frozenset(told.registrations.perhaps),
        steps=told.steps,
    )


def _registrations(told: _Registrations) -> Registrations:
    once = dict.fromkeys((*told.open, *told.ended), (Answer.REGISTERED,))
    return Registrations(frozenset(told.open), frozenset(told.ended), once | told.answers, frozenset(told.again))
