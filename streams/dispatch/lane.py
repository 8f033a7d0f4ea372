"""One lane: the actions of one order at one target, strictly one after another.

After each action everything is read and planned anew: so a state that was overtaken while an action ran is never
sent, and an older state never follows a newer one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from contracts.connector import Target
from contracts.settings import TargetAccount
from streams.dispatch.entry import Entry
from streams.dispatch.holding import Holding
from streams.dispatch.intake import Lane, LaneKey, WantedState
from streams.dispatch.performing import Performer
from streams.dispatch.plan import plan
from streams.dispatch.wishes import rules_of, wishes_of
from streams.store.ledger import Overtaken

_ASIDE = timedelta(seconds=1)


class WantedStates(Protocol):
    """Where wanted states are kept (`streams.store.wanted.WantedStore`)."""

    async def read(self, key: LaneKey) -> Lane | None:
        """Read one lane."""

    async def rest(self, key: LaneKey, sequence: int) -> None:
        """Let a lane rest, unless a newer state came."""

    async def park(self, key: LaneKey, until: datetime) -> None:
        """Let a lane wait."""


class Entries(Protocol):
    """Where entries are read (`streams.store.ledger.LedgerStore`)."""

    async def entries(self, key: LaneKey) -> list[Entry]:
        """Read the entries of one lane."""

    async def holding(self, above: int, *, shadow: bool) -> Holding:
        """Read what is known of policy revisions."""


@dataclass(frozen=True, slots=True)
class LaneRunner:
    """Runs the lanes of one target. living_from: since when polled accounts are pushed, by name."""

    wanted: WantedStates
    entries: Entries
    performer: Performer
    target: Target
    account: TargetAccount
    secret: str | None
    living_from: Mapping[str, datetime]
    now: Callable[[], datetime]

    async def run(self, key: LaneKey, goes_on: Callable[[], bool]) -> None:
        """Bring one lane to rest, or park it. goes_on: asked before each action."""
        while goes_on():
            lane = await self.wanted.read(key)
            if lane is None:
                return
            entries = await self.entries.entries(key)
            rules = rules_of(self.account, self.secret, lane.state, self.living_from, await self._holding(lane.state))
            now = self.performer.clock.now()
            actions = plan(wishes_of(lane.state, self.target, self.account, now, entries), entries, rules)
            if not actions:
                await self.wanted.rest(key, lane.sequence)
                return
            known = {entry.episode for entry in entries if entry.task == actions[0].entry.task}
            try:
                until = await self.performer.perform(actions[0], lane.state, known)
            except Overtaken:
                until = self.now() + _ASIDE
            if until is not None:
                await self.wanted.park(key, until)
                return

    async def _holding(self, state: WantedState) -> Holding | None:
        """Read what is known of policy revisions, where one brought a task of this state."""
        if not state.brought:
            return None
        return await self.entries.holding(self.account.hold_above, shadow=self.account.mode == "shadow")
