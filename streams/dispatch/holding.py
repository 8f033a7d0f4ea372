"""Which new tasks wait for somebody's word: those that a new policy brings all at once, beyond a limit. Pure.

A changed number in the policy can make hundreds of tasks that nobody expected. Of those that first appear in the very
snapshot in which a higher policy revision takes effect, the first few go, and the others are held until that revision
is released (`quayside release`). What happens later, under whatever revision, is never held; updates and closes pass.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Holding:
    """What a target knows of revisions.

    above: how many new tasks of one go by themselves. released: the highest one that somebody has released.
    begun: how many tasks of each later one went.
    """

    above: int
    released: int = 0
    begun: Mapping[int, int] = field(default_factory=dict)

    def holds(self, revision: int) -> bool:
        """Whether a new task that this revision brought waits; 0: no revision brought it."""
        return revision > self.released and self.begun.get(revision, 0) >= self.above


def brought_by(
    revision: int, wanted: Collection[str], before: Collection[str], known_revision: int, known: Mapping[str, int]
) -> dict[str, int]:
    """Say of wanted tasks which policy revision brought them, where one did.

    revision, wanted: of a new state. before, known_revision, known: what the state before it wanted, under which
    revision (0 where that is not known), and what was said of its tasks.
    """
    still = {task: known[task] for task in wanted if task in known}
    if not 0 < known_revision < revision:
        return still
    return still | {task: revision for task in wanted if task not in before}
