"""Two policies, one set of stored keys: what each of them finds and asks now, and where they differ."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from contracts.clock import Clock
from contracts.errors import Fatal
from contracts.identity import Scope, readable
from contracts.model import read
from contracts.policy import Policy
from contracts.snapshot import Finding, Kind, Snapshot, Task, task_key
from contracts.topics import SNAPSHOTS
from streams.engine.stage import Stage

One = TypeVar("One", Finding, Task)


class Place(NamedTuple):
    """Whose snapshot tells something."""

    account: str
    scope: Scope
    subject: str


class Changed(NamedTuple):
    """A task that both policies want, and not alike."""

    place: Place
    before: Task
    after: Task


@dataclass
class Impact:
    """What a policy would change. judged: how many keys, by the scope of what they tell; failed: why a key cannot be.

    found and lost: findings that it would open and close; asked and dropped: tasks; changed: tasks that another would
    have, or have at another time, or that would be graver or less grave.
    """

    judged: Counter[Scope] = field(default_factory=Counter)
    found: list[tuple[Place, Finding]] = field(default_factory=list)
    lost: list[tuple[Place, Finding]] = field(default_factory=list)
    asked: list[tuple[Place, Task]] = field(default_factory=list)
    dropped: list[tuple[Place, Task]] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def kinds(self) -> list[Kind]:
        """The kinds of which anything differs, in the order of the vocabulary."""
        several: Sequence[Iterable[tuple[Place, Finding] | tuple[Place, Task]]] = (
            self.found,
            self.lost,
            self.asked,
            self.dropped,
        )
        met = {one.kind for some in several for _, one in some} | {one.after.kind for one in self.changed}
        return [kind for kind in Kind if kind in met]

    def judge(self, stage: Stage[Any, Policy], key: bytes, state: object, clock: Clock, policies: "Policies") -> None:
        """Judge one stored key by both policies."""
        try:
            before = _told(stage, state, clock, policies.before)
            after = _told(stage, state, clock, policies.after)
        except (Fatal, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever a fold raises would quarantine the key, and is told
            self.failed.append((readable(key), f"{type(error).__name__}: {error}"))
            return
        for place in sorted(before.keys() | after.keys()):
            self._compare(place, before.get(place), after.get(place))

    def _compare(self, place: Place, before: Snapshot | None, after: Snapshot | None) -> None:
        self.judged[place.scope] += 1
        held, holds = (_by_name(place, one.findings if one else ()) for one in (before, after))
        self.found += [(place, holds[name]) for name in sorted(holds.keys() - held.keys())]
        self.lost += [(place, held[name]) for name in sorted(held.keys() - holds.keys())]
        wanted, wants = (_by_name(place, one.wanted.tasks if one else ()) for one in (before, after))
        self.asked += [(place, wants[name]) for name in sorted(wants.keys() - wanted.keys())]
        self.dropped += [(place, wanted[name]) for name in sorted(wanted.keys() - wants.keys())]
        both = ((wanted[name], wants[name]) for name in sorted(wanted.keys() & wants.keys()))
        self.changed += [Changed(place, old, new) for old, new in both if _calls(old) != _calls(new)]


class Policies(NamedTuple):
    """The one that counts, and the one that is thought of."""

    before: Policy
    after: Policy


def _told(stage: Stage[Any, Policy], state: object, clock: Clock, policy: Policy) -> dict[Place, Snapshot]:
    """Give the snapshots that a key would write if time passed now."""
    outcome = stage.step(state, None, clock, policy)
    snapshots = [
        read(Snapshot, output.data)
        for output in outcome.outputs
        if output.topic is SNAPSHOTS and output.data is not None
    ]
    return {Place(one.account, one.scope, one.subject): one for one in snapshots}


def _by_name(place: Place, several: Iterable[One]) -> dict[str, One]:
    return {task_key(*place, one): one for one in several}


def _calls(task: Task) -> tuple[object, ...]:
    return task.role, task.due_at, task.severity, task.escalates_to, task.escalates_at
