"""What targets are told, each with the snapshot that it stands in."""

from dataclasses import dataclass

from contracts.snapshot import Notice, Task, TimelineEntry, View


@dataclass(frozen=True, slots=True)
class TaskInContext:
    """A task and the snapshot it stands in, as JSON-ready values: what a field mapping may use."""

    key: str
    account: str
    scope: str
    subject: str
    task: Task
    view: View | None


@dataclass(frozen=True, slots=True)
class NoticeInContext:
    """A notice to a customer and the snapshot it stands in."""

    key: str
    account: str
    scope: str
    subject: str
    notice: Notice
    view: View | None


@dataclass(frozen=True, slots=True)
class OrderInContext:
    """An order whose delivery's status is to stand at a target. tasks: what is wanted of people about it now."""

    key: str
    account: str
    scope: str
    subject: str
    view: View
    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True)
class StepInContext:
    """One thing that happened to an order, and the snapshot it stands in."""

    key: str
    account: str
    scope: str
    subject: str
    entry: TimelineEntry
    view: View
