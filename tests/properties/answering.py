"""People who answer the tasks that they were asked, at their targets and by hand, as they are drawn."""

from collections.abc import Mapping
from typing import NamedTuple

from hypothesis import strategies as st

from contracts.feedback import FeedbackOutcome, TaskFeedback
from contracts.model import Contract
from contracts.operator_action import Act, OperatorAction
from contracts.snapshot import Snapshot, Task, task_key
from tests.properties.steps import STEPS, step

HOWS = (
    *(FeedbackOutcome.DONE, FeedbackOutcome.REFUSED, FeedbackOutcome.APPROVED),
    *(Act.SNOOZE, Act.SNOOZE, Act.CLOSE, Act.REOPEN, Act.CONFIRM, Act.UNDO),
)


class Answering(NamedTuple):
    """At a step one of the tasks that were asked until then is answered, somehow. lasts: steps that it sleeps."""

    at: int
    place: int
    how: FeedbackOutcome | Act
    lasts: int


answerings = st.lists(
    st.builds(Answering, st.integers(4, STEPS), st.integers(0, 7), st.sampled_from(HOWS), st.integers(1, 20)),
    max_size=4,
)


class Desk:
    """Where people see what they are asked, and remember what they were."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._asked: dict[str, tuple[Snapshot, Task]] = {}
        self._acted: list[OperatorAction] = []

    def look(self, snapshots: Mapping[tuple[str, str], Snapshot]) -> None:
        """See what is asked now."""
        for _, snapshot in sorted(snapshots.items()):
            for task in snapshot.wanted.tasks:
                self._asked[task_key(snapshot.account, snapshot.scope, snapshot.subject, task)] = snapshot, task

    def answers(self, one: Answering) -> list[Contract]:
        """Answer a task; nothing where none was asked, or nothing was done that could be undone."""
        if one.how is Act.UNDO:
            return [self._undo(one, self._acted[-1])] if self._acted else []
        if not self._asked:
            return []
        key = list(self._asked)[one.place % len(self._asked)]
        return [self._close(one, key) if isinstance(one.how, FeedbackOutcome) else self._act(one, key, one.how)]

    def _close(self, one: Answering, key: str) -> TaskFeedback:
        snapshot, task = self._asked[key]
        is_approved = one.how is FeedbackOutcome.APPROVED
        return TaskFeedback(
            account=snapshot.account,
            scope=snapshot.scope,
            subject=snapshot.subject,
            task=key,
            since=task.since,
            target="tickets",
            episode=len(task.feedback) + 1,
            outcome=FeedbackOutcome(one.how),
            record="17",
            at=step(one.at),
            reason="A pallet broke." if is_approved else "",
            approved_by="chen" if is_approved else "",
        )

    def _act(self, one: Answering, key: str, act: Act) -> OperatorAction:
        snapshot, _ = self._asked[key]
        acted = _by_hand(snapshot.account, snapshot.scope, snapshot.subject, one, act=act, task=key)
        self._acted.append(acted)
        return acted

    def _undo(self, one: Answering, undone: OperatorAction) -> OperatorAction:
        acted = _by_hand(undone.account, undone.scope, undone.subject, one, act=Act.UNDO, undoes=undone.id)
        self._acted.append(acted)
        return acted


def _by_hand(account: str, scope: str, subject: str, one: Answering, **values: object) -> OperatorAction:
    place = {"account": account, "scope": scope, "subject": subject, "at": step(one.at), "by": "li", "why": "By hand."}
    if one.how is Act.SNOOZE:
        values["until"] = step(one.at + one.lasts)
    return OperatorAction.model_validate(place | values)
