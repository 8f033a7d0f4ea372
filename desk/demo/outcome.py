"""What came of a day, what must have come of it, and how the two differ, in words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from contracts.identity import parts
from contracts.snapshot import Kind, Snapshot

TaskName = tuple[Kind, str]
"""A task by its kind and what it is about."""


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """One record at the target. since: of its finding, where that is certain."""

    is_open: bool
    role: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a day. tasks: every record of each task, oldest first."""

    orders: Mapping[str, str]
    findings: frozenset[TaskName]
    tasks: Mapping[TaskName, tuple[TaskRecord, ...]]
    dead_letters: int

    def findings_by_kind(self) -> dict[str, int]:
        """Count what holds."""
        return dict(sorted(Counter(str(kind) for kind, _ in self.findings).items()))

    def records(self) -> int:
        """Count the records at the target."""
        return sum(len(records) for records in self.tasks.values())

    def duplicates(self) -> int:
        """Count the records beyond one open record a task."""
        return sum(max(0, sum(record.is_open for record in records) - 1) for records in self.tasks.values())

    def lost(self, expected: "Outcome") -> int:
        """Count the orders and the tasks that are expected and not here at all."""
        return len(expected.orders.keys() - self.orders.keys()) + len(expected.tasks.keys() - self.tasks.keys())


def task_name(key: str) -> TaskName:
    """Read a task's key (`contracts.snapshot.task_key`)."""
    _, _, _, about, kind = parts(key.encode())
    return Kind(kind), about.partition(":")[2]


def of_snapshots(snapshots: Iterable[Snapshot]) -> tuple[dict[str, str], frozenset[TaskName]]:
    """Give each order's status, and the findings that hold."""
    told = list(snapshots)
    orders = {one.subject: str(one.view.status) for one in told if one.scope == "order" and one.view}
    return orders, frozenset((found.kind, found.subject) for one in told for found in one.findings)


def differences(expected: Outcome, found: Outcome) -> list[str]:
    """Say every difference in a sentence; none where the day went as it must."""
    return list(
        chain(
            _of_orders(expected.orders, found.orders),
            _of_findings(expected.findings, found.findings),
            _of_tasks(expected.tasks, found.tasks),
            [f"{found.dead_letters} dead letters instead of {expected.dead_letters}"]
            if found.dead_letters != expected.dead_letters
            else [],
        )
    )


def _of_orders(expected: Mapping[str, str], found: Mapping[str, str]) -> Iterator[str]:
    for order in sorted(expected.keys() | found.keys()):
        must, does = expected.get(order), found.get(order)
        if must is None:
            yield f"order {order} is {does}, and nobody ordered it"
        elif does is None:
            yield f"order {order} should be {must}, and is not there at all"
        elif does != must:
            yield f"order {order} is {does} instead of {must}"


def _of_findings(expected: frozenset[TaskName], found: frozenset[TaskName]) -> Iterator[str]:
    for kind, subject in sorted(expected - found):
        yield f"nothing says {kind} of {subject}"
    for kind, subject in sorted(found - expected):
        yield f"{kind} is said of {subject}, wrongly"


def _of_tasks(
    expected: Mapping[TaskName, tuple[TaskRecord, ...]], found: Mapping[TaskName, tuple[TaskRecord, ...]]
) -> Iterator[str]:
    for name in sorted(expected.keys() | found.keys()):
        task = f"the task {name[0]} of {name[1]}"
        if name not in found:
            yield f"{task} never came"
        elif name not in expected:
            yield f"{task} came, and nobody should be asked to do it"
        elif len(found[name]) > len(expected[name]):
            yield f"{task} came {len(found[name])} times"
        else:
            yield from _of_record(task, expected[name][-1], found[name][-1])


def _of_record(task: str, expected: TaskRecord, found: TaskRecord) -> Iterator[str]:
    if expected.is_open != found.is_open:
        yield f"{task} is {'open' if found.is_open else 'closed'}, and should not be"
    if expected.role != found.role:
        yield f"{task} went to {found.role} instead of {expected.role}"
    if expected.since is not None and found.since != expected.since:
        yield f"{task} holds since {found.since} instead of {expected.since}"
