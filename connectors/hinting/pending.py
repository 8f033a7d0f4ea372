"""What was hinted at and is still to be looked at. Pure: seconds of any one clock are arguments.

- A hint is looked at a moment after it came, so that a burst of them is one look.
- A sender may hint before its own transaction is visible (Odoo calls its webhooks inside of it). So what was no news is
  looked at again, twice, a little later each time.
- Looks begin a second apart at the least, however many hints come.
- More than `MOST` at once are not kept apart: then everything that changed is looked for.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from contracts.hint import ANYTHING, Named

AFTER = (0.1, 2.0, 10.0)
"""Seconds from a hint to its first look, and from each look that found no news to the next."""
BETWEEN = 1.0
MOST = 500

Taken = Mapping[Named, int]
"""What is to be looked at now, and how often it was before."""


@dataclass(slots=True)
class Pending:
    """The hints of one account, each with how often it was looked at and when it is due."""

    _due: dict[Named, tuple[int, float]] = field(default_factory=dict)
    _not_before: float = float("-inf")

    def __len__(self) -> int:
        """Count what is still to be looked at."""
        return len(self._due)

    def add(self, hints: Iterable[Named], now: float) -> None:
        """Take hints; one that waits for its first look is the same, one that was looked at in vain begins anew."""
        for named in hints:
            looks, _ = self._due.get(named, (-1, now))
            if looks != 0:
                self._due[named] = (0, now + AFTER[0])
        if len(self._due) > MOST:
            self._due = {ANYTHING: (0, min(at for _, at in self._due.values()))}

    def next_look(self) -> float | None:
        """Say when something is due; None where nothing waits."""
        if not self._due:
            return None
        return max(self._not_before, min(at for _, at in self._due.values()))

    def take(self, now: float) -> Taken:
        """Give what is due, if it may be looked at now; what comes of it is told to `looked`."""
        at = self.next_look()
        if at is None or now < at:
            return {}
        self.rest(now + BETWEEN)
        taken = {named: looks for named, (looks, due) in self._due.items() if due <= now}
        self._due = {named: waiting for named, waiting in self._due.items() if named not in taken}
        return taken

    def looked(self, taken: Taken, news: Collection[Named], now: float) -> None:
        """Forget what was news or was looked at often enough; the rest is due again.

        What was hinted at meanwhile stays as it is: it may have changed behind the look.
        """
        for named, looks in taken.items():
            if named not in news and looks + 1 < len(AFTER):
                self._due.setdefault(named, (looks + 1, now + AFTER[looks + 1]))

    def rest(self, until: float) -> None:
        """Let nothing be due before `until`."""
        self._not_before = max(self._not_before, until)
