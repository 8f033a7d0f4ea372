"""What dispatch would do for one order, field by field against what is there. The target is read, nothing is written.

The plan is followed as the lane follows it, on copies: each look-up is really made, each write is only told.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from contracts.clock import WallClock
from contracts.connector import Record, Target
from contracts.settings import TargetAccount
from streams.dispatch import outcome, texts
from streams.dispatch.actions import Action, Bury, Close, Create, LookUp, Note, Reopen, Settle, Update
from streams.dispatch.comparing import Field
from streams.dispatch.endings import endings_of
from streams.dispatch.endpoint import Endpoint
from streams.dispatch.entry import Entry, State
from streams.dispatch.intake import LaneKey, WantedState
from streams.dispatch.outcome import Change
from streams.dispatch.plan import Rules, plan
from streams.dispatch.wishes import wishes_of

MOST_STEPS = 10_000
"""Of one order: a plan that comes to no end is a mistake."""


class Would(StrEnum):
    """What would be done."""

    CREATE = "create"
    UPDATE = "update"
    REOPEN = "reopen"
    CLOSE = "close"
    HOLD = "hold"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Step:
    """One write that would follow. fields: those that would change. text: the reason of a close, or of a refusal."""

    would: Would
    lane: LaneKey
    task: str
    record: str = ""
    fields: tuple[Field, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Rehearser:
    """Rehearses the orders of one target. rules: those of a state (`streams.dispatch.wishes.rules_of`)."""

    account: TargetAccount
    target: Target
    endpoint: Endpoint
    clock: WallClock
    rules: Callable[[WantedState], Rules]

    async def order(self, state: WantedState, entries: Sequence[Entry]) -> list[Step]:
        """Give what would be done, in its order. Raises Retryable or Rejected where the target does not answer."""
        held = {(entry.task, entry.shadow, entry.episode): entry for entry in entries}
        steps: list[Step] = []
        for _ in range(MOST_STEPS):
            known, rules = list(held.values()), self.rules(state)
            wishes = wishes_of(state, self.target, self.account, self.clock.now(), known)
            actions = plan(wishes, known, replace(rules, ask_first=True))
            if not actions:
                break
            changes, step = await self._follow(actions[0], state.key, known, rules.configuration)
            held |= {(one.entry.task, one.entry.shadow, one.entry.episode): one.entry for one in changes}
            steps += () if step is None else (step,)
        return steps

    async def _follow(
        self, action: Action, lane: LaneKey, known: Sequence[Entry], configuration: str
    ) -> tuple[Sequence[Change], Step | None]:
        entry, at = action.entry, self.clock.now()
        match action:
            case LookUp():
                return await self._look_up(action, known), None
            case Note():
                is_held = entry.state is State.HELD
                return (Change(entry),), Step(Would.HOLD, lane, entry.task) if is_held else None
            case Settle(reason=reason):
                return (Change(outcome.settled(entry, reason, at)),), None
            case Bury(error=error):
                buried = outcome.buried(action, configuration, at)
                return (Change(buried),), Step(Would.REFUSE, lane, entry.task, text=error.reason)
            case Close(reason=reason):
                told = texts.closing(reason, self.account.language)
                step = Step(Would.CLOSE, lane, entry.task, entry.remote_id, text=told)
                return (Change(outcome.shadowed(action, at)),), step
            case Create() | Update() | Reopen():
                return await self._write(action, lane)

    async def _write(self, action: Create | Update | Reopen, lane: LaneKey) -> tuple[Sequence[Change], Step | None]:
        entry, at, there = action.entry, self.clock.now(), dict(action.entry.fields)
        if isinstance(action, Update) and not entry.shadow:
            record = await self.endpoint.ask(self.endpoint.session.read(entry.remote_id))
            if record is None or not record.is_open:
                return (self._found(entry, record),), None
            # What a target does not tell is taken to be what was written last.
            there = dict(record.fields or entry.fields)
        would = {Create: Would.CREATE, Update: Would.UPDATE, Reopen: Would.REOPEN}[type(action)]
        fields = _fields(action.wish.fields, there)
        step = Step(would, lane, entry.task, entry.remote_id, fields)
        return (Change(outcome.shadowed(action, at)),), step if fields or would is not Would.UPDATE else None

    async def _look_up(self, action: LookUp, known: Sequence[Entry]) -> Sequence[Change]:
        marked, session = outcome.asking(action, ""), self.endpoint.session
        if marked.shadow:
            return (Change(outcome.absent(marked)),)
        if marked.remote_id:
            return (self._found(marked, await self.endpoint.ask(session.read(marked.remote_id))),)
        records = await self.endpoint.ask(session.look_up(marked.task))
        episodes = {entry.episode for entry in known if entry.task == marked.task}
        return outcome.looked_up(marked, records, episodes, self.clock.now(), endings_of(self.account))

    def _found(self, entry: Entry, record: Record | None) -> Change:
        at, endings = self.clock.now(), endings_of(self.account)
        return outcome.gone(entry, at, endings) if record is None else outcome.seen(entry, record, at, endings)


def _fields(wanted: Mapping[str, str], there: Mapping[str, str]) -> tuple[Field, ...]:
    return tuple(
        Field(name, value, there.get(name, "")) for name, value in wanted.items() if value != there.get(name, "")
    )
