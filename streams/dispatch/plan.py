"""What is to be done at a target so that it holds what one snapshot wants. Pure: no clock, no network, no database.

A plan is made anew after each action, with what that action taught: so it only ever has to know the next right step.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from contracts.record_keys import RecordSort
from streams.dispatch.actions import (
    Action,
    Bury,
    Close,
    Create,
    LookUp,
    Note,
    Reopen,
    Settle,
    Update,
    Wish,
    attempt_of,
)
from streams.dispatch.endings import ANSWERS, Ending, Endings, Rule
from streams.dispatch.entry import Entry, State
from streams.dispatch.holding import Holding
from streams.dispatch.texts import Reason


@dataclass(frozen=True, slots=True)
class Rules:
    """What a target's account says.

    configuration: its digest. ask_first: the ledger is younger than the snapshots, so a task without an entry is
    looked for at the target before one is created. holding: which tasks that a new policy brings at once wait. endings:
    what becomes of records that people ended.
    """

    target: str
    configuration: str = ""
    shadow: bool = False
    live_from: datetime | None = None
    ask_first: bool = False
    holding: Holding | None = None
    endings: Endings = ANSWERS

    def is_live(self, since: datetime) -> bool:
        """Whether what began at `since` is pushed at all."""
        return self.live_from is None or since >= self.live_from

    def holds(self, wish: Wish) -> bool:
        """Whether a wish for something new waits until its policy revision is released."""
        return self.holding is not None and self.holding.holds(wish.policy_revision)


def plan(wishes: Sequence[Wish], entries: Iterable[Entry], rules: Rules) -> tuple[Action, ...]:
    """Say what is left to do for one snapshot; nothing, when the target holds what it wants.

    First what is wanted no longer, then what is, each in a fixed order. A live plan does not see shadow entries.
    """
    ours = sorted((e for e in entries if e.shadow == rules.shadow), key=lambda e: (e.task, e.episode))
    episodes = {task: list(group) for task, group in groupby(ours, key=lambda e: e.task)}
    wanted = {wish.task for wish in wishes}
    actions: list[Action] = []
    for task, known in episodes.items():
        latest_is_wanted = task in wanted
        earlier = known[:-1] if latest_is_wanted else known
        reason = Reason.SUPERSEDED if latest_is_wanted else Reason.CLEARED
        actions += (action for entry in earlier if (action := _end(entry, rules, reason)))
    for wish in wishes:
        known = episodes.get(wish.task, [])
        action = _keep(known[-1], wish, rules) if known else _begin(wish, rules, episode=1)
        actions += () if action is None else (action,)
    return tuple(actions)


def _begin(wish: Wish, rules: Rules, *, episode: int, revision: int = 0) -> Action | None:
    """Begin an episode. revision: of its entry in the ledger, where it was held."""
    entry = Entry(
        target=rules.target,
        account=wish.account,
        scope=wish.scope,
        subject=wish.subject,
        task=wish.task,
        episode=episode,
        since=wish.since,
        state=State.WANTED,
        shadow=rules.shadow,
        policy_revision=wish.policy_revision,
        revision=revision,
    )
    if not rules.is_live(wish.since):
        return None if entry.sort is RecordSort.STEP else Note(replace(entry, state=State.RECORDED))
    if rules.holds(wish):
        return Note(replace(entry, state=State.HELD))
    if episode == 1 and rules.ask_first and not rules.shadow:
        return LookUp(replace(entry, state=State.IN_FLIGHT), _attempt(wish))
    return _write(Create(entry, wish))


def _keep(entry: Entry, wish: Wish, rules: Rules) -> Action | None:  # noqa: PLR0911 - one answer a state
    """Bring the latest episode of a wanted task to what is wanted."""
    match entry.state:
        case State.WANTED:
            return _write(Create(entry, wish))
        case State.OPEN | State.CLOSED if wish.once:
            return None
        case State.HELD:
            return None if rules.holds(wish) else _begin(wish, rules, episode=entry.episode, revision=entry.revision)
        case State.RECORDED:
            return _write(Create(replace(entry, since=wish.since), wish)) if rules.is_live(wish.since) else None
        case State.IN_FLIGHT | State.CLOSING:
            return LookUp(entry, _attempt(wish))
        case State.OPEN if entry.fields != wish.fields and not entry.merged_into:
            return _write(Update(entry, wish))
        case State.OPEN:
            # The same record may answer for a later interval: feedback on it must name the one that it is about.
            is_named = entry.since == wish.since or entry.sort is RecordSort.STATUS
            return None if is_named else Note(replace(entry, since=wish.since))
        case State.CLOSED:
            return _again(entry, wish, rules)
        case State.DEAD:
            return _revive(entry, _attempt(wish), rules)


def _again(entry: Entry, wish: Wish, rules: Rules) -> Action | None:
    """Say what follows a closed episode that is wanted: the same record, another one, or nothing yet."""
    rule = rules.endings.rule(entry.ending)
    if rule is Rule.REOPEN and not entry.feedback:
        return _write(Reopen(entry, wish))
    return _begin(wish, rules, episode=entry.episode + 1) if _is_understood(entry, wish, rule) else None


def _is_understood(entry: Entry, wish: Wish, rule: Rule) -> bool:
    """Whether a wish knows that the last episode was closed, and by whom.

    A closing answers for its own interval; a wish of a later one was never answered. Of what stands beside an order
    nobody is told: what a person closed there stays closed, and what one deleted is written anew, unless the account's
    rule is another one.
    """
    if rule is Rule.LEAVE:
        return entry.sort is not RecordSort.STATUS and wish.since > entry.since
    if entry.sort is RecordSort.STATUS:
        return not entry.closed_by or rule is Rule.AGAIN or entry.ending == Ending.DELETED
    return entry.feedback in {"", *wish.feedback} or wish.since > entry.since


def _end(entry: Entry, rules: Rules, reason: Reason) -> Action | None:
    """Bring an episode that nobody wants to its end."""
    match entry.state:
        case State.WANTED | State.RECORDED | State.HELD:
            return Settle(entry, reason)
        case State.IN_FLIGHT | State.CLOSING:
            return LookUp(entry, attempt_of("close", {}))
        case State.OPEN if entry.merged_into:
            return Settle(entry, reason)
        case State.OPEN:
            return _let_go(entry, reason)
        case State.CLOSED:
            return None
        case State.DEAD:
            return _revive(entry, attempt_of("close", {}), rules)


def _let_go(entry: Entry, reason: Reason) -> Action | None:
    """Say what becomes of a record that nobody wants: a message was sent, and what stands beside an order is left."""
    match entry.sort:
        case RecordSort.NOTICE:
            return Settle(entry, Reason.SENT)
        case RecordSort.STATUS:
            return None
        case _:
            return Close(entry, reason)


def _revive(entry: Entry, attempt: str, rules: Rules) -> Action | None:
    """Try a dead entry again only where something else would be tried, or with another configuration."""
    if entry.attempt == attempt and entry.configuration == rules.configuration:
        return None
    return LookUp(entry, attempt)


def _attempt(wish: Wish) -> str:
    return attempt_of("problem", {"reason": wish.problem.reason}) if wish.problem else attempt_of("write", wish.fields)


def _write(action: Create | Update | Reopen) -> Action:
    if action.wish.problem is not None:
        return Bury(action.entry, action.wish, action.wish.problem)
    return action
