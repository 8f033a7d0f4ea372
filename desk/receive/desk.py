"""The tasks of a ticket desk: its journal, folded."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from contracts.errors import QuaysideError, Rejected
from desk.receive.journal import Journal, Line, What


class Missing(Rejected):
    """There is no such task."""


class Stale(Rejected):
    """The task is no longer as the writer saw it last."""


@dataclass(frozen=True, slots=True)
class Task:
    """A task as it is now. version: grows with each change. seen: the journal's line that last opened or closed it.

    received: how often its creation arrived; more than once is a repetition that had no effect.
    """

    id: int
    key: str
    idempotency_key: str
    fields: dict[str, str]
    opened_at: datetime
    version: int = 1
    seen: int = 0
    received: int = 1
    closing: Line | None = None
    history: tuple[Line, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether nobody has closed it."""
        return self.closing is None


@dataclass(slots=True)
class Desk:
    """All tasks, by id. clock: reads the time."""

    journal: Journal
    clock: Callable[[], datetime]
    tasks: dict[int, Task] = field(default_factory=dict)
    mark: int = 0
    _by_idempotency_key: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read what is in the journal."""
        for line in self.journal.lines():
            self._fold(line)

    def task(self, number: int) -> Task:
        """Give a task; raises Missing."""
        if number not in self.tasks:
            raise Missing(f"there is no task {number}", code="not_found")
        return self.tasks[number]

    def find(self, *, key: str | None = None, since: int = 0) -> Iterable[Task]:
        """Give tasks, the oldest first: those of a key, and those opened or closed after the journal's line `since`."""
        return [task for task in self.tasks.values() if key in {None, task.key} and task.seen > since]

    def create(self, key: str, idempotency_key: str, fields: dict[str, str]) -> tuple[Task, bool]:
        """Create a task and say whether it is new: an idempotency key that is known gives the task that it made."""
        known = self._by_idempotency_key.get(idempotency_key)
        number = known or len(self.tasks) + 1
        what = What.REPEATED if known else What.CREATED
        made = {} if known else {"key": key, "idempotency_key": idempotency_key, "fields": fields}
        return self._write(number, what, **made), known is None

    def change(self, number: int, version: int, fields: dict[str, str], comment: str = "") -> Task:
        """Set fields, others stay; raises Missing, or Stale where it changed since `version` or is closed."""
        task = self.task(number)
        if task.version != version:
            raise Stale(f"task {number} is at version {task.version}, not {version}", code="changed")
        if not task.is_open:
            raise Stale(f"task {number} is closed", code="closed")
        changed = {name: value for name, value in fields.items() if task.fields.get(name) != value}
        return self._write(number, What.CHANGED, fields=changed, text=comment) if changed or comment else task

    def comment(self, number: int, by: str, text: str) -> Task:
        """Let a person say something; raises Missing."""
        self.task(number)
        return self._write(number, What.COMMENTED, by=by, text=text)

    def close(
        self, number: int, *, by: str = "", reason: str = "", refused: bool = False, approved_by: str = ""
    ) -> Task:
        """Close a task; one that is closed stays as it is. Raises Missing."""
        task = self.task(number)
        if not task.is_open:
            return task
        return self._write(number, What.CLOSED, by=by, text=reason, refused=refused, approved_by=approved_by)

    def _write(self, number: int, what: What, **parts: object) -> Task:
        line = Line.model_validate({"at": self.clock(), "task": number, "what": what, **parts})
        self.journal.append(line)
        return self._fold(line)

    def _fold(self, line: Line) -> Task:
        self.mark += 1
        task = _folded(self.tasks.get(line.task), line, self.mark)
        self.tasks[task.id] = task
        self._by_idempotency_key[task.idempotency_key] = task.id
        return task


def _folded(task: Task | None, line: Line, mark: int) -> Task:
    if line.what is What.CREATED:
        return Task(line.task, line.key, line.idempotency_key, dict(line.fields), line.at, seen=mark, history=(line,))
    if task is None:
        raise QuaysideError(f"the journal speaks of task {line.task} before it was created")
    if line.what is What.REPEATED:
        return replace(task, received=task.received + 1)
    after = replace(task, version=task.version + 1, history=(*task.history, line))
    if line.what is What.CLOSED:
        return replace(after, closing=line, seen=mark)
    return replace(after, fields={**task.fields, **line.fields})
