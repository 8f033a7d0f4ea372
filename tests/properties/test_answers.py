"""A task is wanted if and only if its finding holds and nothing that people said of it says otherwise.

The oracle listens as a clerk would: to one saying after the other, in the order of time, and answers each full hour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from contracts.answer import Missing
from contracts.clock import Clock
from contracts.feedback import FeedbackOutcome
from contracts.operator_action import Act, OperatorAction
from contracts.policy import Policy
from contracts.snapshot import Kind, SubjectType, task_key_of
from streams.detection.finding import Found, Place, Tasks, findings_of, tasks_of
from streams.facts.by_hand import in_force
from streams.facts.feedback import Answer
from tests.properties import examples
from tests.streams.way import ERP, START, hours

PLACE = Place(ERP, "order", "SO1")
ABOUT = (SubjectType.ORDER, "SO1")
LATE, SHORT = Kind.LATE, Kind.UNDER_DESPATCHED
NEEDS = {SHORT: frozenset(Missing)}
POLICY = Policy(returns_after=timedelta(hours=24))
END = 50
DETAILS = {"order": "SO1", "promised": "2026-03-04", "zone": "UTC", "lines": "1", "short": "2", "line": "1: 8 / 10"}


class Cause(NamedTuple):
    """What holds from an hour to another. Short lines share one task, which needs a reason and an approval."""

    kind: Kind
    line: str
    since: int
    until: int

    def found(self) -> Found:
        if self.kind is LATE:
            return Found(LATE, SubjectType.ORDER, "SO1", hours(self.since), DETAILS)
        return Found(SHORT, SubjectType.LINE, f"SO1/{self.line}", hours(self.since), DETAILS, ABOUT)


class Said(NamedTuple):
    """What is said at an hour, by hand or at a target; a target names the interval that its record answers for."""

    kind: Kind
    at: int
    what: str
    since: int
    lasts: int
    reason: str
    approved_by: str
    undone_at: int | None


@dataclass
class Day:
    """What holds, and what is said of it, all by the hour."""

    causes: list[Cause]
    said: list[Said]

    def holding(self, now: int) -> list[Cause]:
        return [cause for cause in self.causes if cause.since <= now < cause.until]


kinds = st.sampled_from([LATE, SHORT])
at_hour = st.integers(0, END)


@st.composite
def days(draw: st.DrawFn) -> Day:
    """Intervals of one cause follow each other; whoever answers at a target answers a task that was wanted."""
    causes: list[Cause] = []
    for kind, line in ((LATE, "1"), (SHORT, "1"), (SHORT, "2")):
        bounds = sorted(draw(st.sets(at_hour, max_size=4), label=f"{kind} {line}"))
        ends = [*bounds[1::2], END + 1]
        causes += [Cause(kind, line, since, until) for since, until in zip(bounds[::2], ends, strict=False)]
    said = []
    for at in sorted(draw(st.lists(at_hour, max_size=6, unique=True), label="said at")):
        kind = draw(kinds)
        held = [cause.since for cause in causes if cause.kind is kind and cause.since <= at < cause.until]
        acts = ["snooze", "close", "reopen"]
        said.append(
            Said(
                kind=kind,
                at=at,
                what=draw(st.sampled_from([*acts, "done", "refused", "approved"] if held else acts)),
                since=draw(st.sampled_from(held)) if held else at,
                lasts=draw(st.integers(1, 30)),
                reason=draw(st.sampled_from(["", "A pallet broke."])),
                approved_by=draw(st.sampled_from(["", "chen"])),
                undone_at=draw(st.none() | st.integers(at, END)),
            )
        )
    return Day(causes, said)


def wanted(day: Day, cause: Cause, now: int) -> bool:
    """Whether a cause asks for its task, by listening to one saying after the other."""
    is_closed, rests_until, sleeps_until, reason, approver = False, 0, 0, "", ""
    for one in sorted(day.said, key=lambda one: one.at):
        is_by_hand = one.what in {"snooze", "close", "reopen"}
        is_undone = is_by_hand and one.undone_at is not None and one.undone_at <= now
        # At a target a record answers for the interval that it names; one record may stand for several short lines.
        reach = one.at if is_by_hand or cause.kind is SHORT else one.since
        if one.kind is not cause.kind or one.at > now or is_undone or reach < cause.since:
            continue
        if one.what == "reopen":
            is_closed, rests_until, sleeps_until, reason, approver = False, 0, 0, "", ""
        elif one.what == "snooze":
            sleeps_until = one.at + one.lasts
        elif one.what == "refused" or (cause.kind is LATE and one.what != "close"):
            rests_until = max(rests_until, one.at + 24)
        elif cause.kind is LATE:
            is_closed = True
        else:
            reason = (one.reason or "By hand.") if is_by_hand else one.reason or reason
            approver = one.approved_by or approver
            is_closed = bool(reason and approver)
    return not is_closed and now >= max(rests_until, sleeps_until)


def answered(day: Day, now: int) -> Tasks:
    """Ask for the tasks at an hour, after all that was said until then."""
    feedback = {
        str(place): Answer(
            task=task_key_of(*PLACE, ABOUT, one.kind),
            since=hours(one.since),
            target="tickets",
            episode=place,
            outcome=FeedbackOutcome(one.what),
            record=str(place),
            at=hours(one.at),
            by="mei",
            reason=one.reason,
            approved_by=one.approved_by,
        )
        for place, one in enumerate(day.said)
        if one.what in set(FeedbackOutcome) and one.at <= now
    }
    actions = [action for one in day.said if one.what not in set(FeedbackOutcome) for action in acted(one, now)]
    found = [cause.found() for cause in day.holding(now)]
    return tasks_of(found, feedback, PLACE, Clock(hours(now)), POLICY, in_force(actions), NEEDS)


def acted(one: Said, now: int) -> Sequence[OperatorAction]:
    """An action by hand, and its undoing."""
    told = OperatorAction(
        account=ERP,
        scope="order",
        subject="SO1",
        act=Act(one.what),
        at=hours(one.at),
        by="li",
        why=one.reason or "By hand.",
        task=task_key_of(*PLACE, ABOUT, one.kind),
        until=hours(one.at + one.lasts) if one.what == "snooze" else None,
        approved_by=one.approved_by,
    )
    actions = [told] if one.at <= now else []
    if one.undone_at is not None and one.undone_at <= now:
        undo = {"account": ERP, "scope": "order", "subject": "SO1", "by": "li", "why": "Mistaken."}
        actions.append(
            OperatorAction.model_validate(undo | {"act": "undo", "at": hours(one.undone_at), "undoes": told.id})
        )
    return actions


@examples(60)
@given(day=days())
def test_a_task_is_wanted_if_and_only_if_its_finding_holds_and_nobody_says_otherwise(day: Day) -> None:
    """And each finding whose task is not wanted says which answer is the reason."""
    for now in range(END + 1):
        tasks = answered(day, now)
        asking: dict[Kind, list[int]] = {}
        for cause in day.holding(now):
            if wanted(day, cause, now):
                asking.setdefault(cause.kind, []).append(cause.since)
        assert {task.kind: task.since for task in tasks.tasks} == {
            kind: hours(min(since)) for kind, since in asking.items()
        }, f"at {now}"
        findings = findings_of([cause.found() for cause in day.holding(now)], POLICY, tasks.answered)
        silent = {(finding.kind, finding.subject, finding.since) for finding in findings if finding.answer is not None}
        assert silent == {
            (found.kind, found.subject, found.since)
            for cause in day.holding(now)
            if not wanted(day, cause, now)
            for found in (cause.found(),)
        }, f"at {now}"


@examples(30)
@given(day=days())
def test_without_a_fact_a_task_changes_at_an_armed_instant_alone(day: Day) -> None:
    """The oracle looks at each hour; between two facts the answer is that of the last armed instant."""
    told = {0, *(bound for cause in day.causes for bound in (cause.since, cause.until))}
    told |= {hour for one in day.said for hour in (one.at, one.undone_at) if hour is not None}
    armed: set[int] = set()
    last: list[Kind] = []
    for now in range(END + 1):
        kinds_now = [task.kind for task in answered(day, now).tasks]
        if now in told or now in armed:
            last = kinds_now
            armed = {round((wake.at - START) / timedelta(hours=1)) for wake in answered(day, now).wakes}
        assert kinds_now == last, f"at {now}"
