"""What a changed policy would open, close and change, over what the stages have stored."""

from datetime import timedelta

import pytest

from contracts.moment import Window
from contracts.policy import Policy
from contracts.snapshot import Kind, Role
from contracts.tracking import TrackingStatus
from desk.impact import told
from streams.engine.core import PartitionCore
from streams.engine.replay import Replay
from streams.impact.comparing import Impact, Policies
from streams.impact.stored import STAGES, judge_stored
from tests.streams.way import ERP, START, ZONE, Way, hours, issue, order, report


def policy(**said: object) -> Policy:
    return Policy.model_validate({"pollers": [ERP], **said})


def impact_of(replay: Replay, before: Policy, after: Policy) -> Impact:
    impact, policies = Impact(), Policies(before, after)
    for stage in STAGES:
        core = PartitionCore(stage, before, partition=0, partitions=1)
        for key, value in replay.changelog(stage.name).items():
            core.recover(key, value)
        judge_stored(impact, core, policies)
    return impact


@pytest.fixture
def open_now() -> Way:
    """SO1 is late by six hours, SO2 is due in three days, YT9 belongs to nobody since a day and a half."""
    way = Way(policy())
    way.tell(order("SO1"), START)
    way.tell(issue("GI1", {"SO1": 10}), hours(20))
    way.tell(report("YT1", (hours(40), TrackingStatus.IN_TRANSIT)), hours(40))
    way.tell(order("SO2", promised=Window.of_days(None, hours(120).date(), ZONE)), START)
    way.tell(report("YT9", (hours(30), TrackingStatus.PICKED_UP)), hours(34))
    way.hear(hours(70))
    return way


def test_the_same_policy_changes_nothing(open_now: Way) -> None:
    impact = impact_of(open_now.replay, policy(), policy(revision=9))
    assert impact.kinds == []
    assert (impact.judged["order"], impact.judged["parcel"]) == (2, 1)
    lines = list(told(impact, Policies(policy(), policy(revision=9))))
    assert lines[-1] == "Nothing would open, close or change."


def test_a_longer_grace_closes_and_a_shorter_silence_opens(open_now: Way) -> None:
    after = policy(revision=2, late={"grace": "PT12H"}, stalled={"silence": "PT24H"}, orphan_tracking={"grace": "P9D"})
    impact = impact_of(open_now.replay, policy(), after)
    assert [(one.kind, place.subject) for place, one in impact.asked] == [(Kind.STALLED, "SO1")]
    assert {(one.kind, place.subject) for place, one in impact.dropped} >= {
        (Kind.LATE, "SO1"),
        (Kind.ORPHAN_TRACKING, "YT9"),
    }
    assert impact.changed == []


def test_what_is_judged_is_what_the_stage_would_judge_now_and_not_what_its_last_snapshot_said(open_now: Way) -> None:
    """The same impact again after the stages were restarted under the new policy is none."""
    after = policy(revision=2, late={"grace": "PT12H"}, stalled={"silence": "PT24H"})
    impact = impact_of(open_now.replay, policy(), after)
    held = {(one.kind, one.subject) for one in open_now.findings()}
    for stage in STAGES:
        open_now.replay.restart(stage, after)
    open_now.replay.settle()
    holds = {(one.kind, one.subject) for one in open_now.findings()}
    assert holds - held == {(one.kind, one.subject) for _, one in impact.found}
    assert held - holds == {(one.kind, one.subject) for _, one in impact.lost}


def test_another_role_or_due_date_changes_a_task_and_neither_opens_nor_closes_it(open_now: Way) -> None:
    after = policy(revision=2, late={"role": "production", "due": "PT9H"})
    impact = impact_of(open_now.replay, policy(), after)
    assert [*impact.asked, *impact.dropped] == []
    assert [*impact.found, *impact.lost] == []
    [one] = impact.changed
    assert (one.before.role, one.after.role) == (Role.LOGISTICS, Role.PRODUCTION)
    assert one.after.due_at - one.before.due_at == timedelta(hours=5)


def test_it_is_told_in_counts_by_kind_and_examples(open_now: Way) -> None:
    policies = Policies(policy(), policy(late={"grace": "PT12H"}, orphan_tracking={"role": "quality"}))
    lines = list(told(impact_of(open_now.replay, *policies), policies))
    assert lines[0].startswith("Judged as of now: 2 open deliveries, ")
    assert lines[1].startswith("Give it a `revision` above 1: ")
    [counts] = [line for line in lines if line.startswith("late ")]
    assert counts.split() == ["late", "0", "1", "0", "1", "0"]
    shown = "\n".join(lines)
    assert "would close:\n  late of order SO1 of factory, since 2026-03-04 16:00 UTC" in shown
    assert "would change:\n  orphan_tracking of parcel YT9 of express, since" in shown
    assert "logistics → quality" in shown


def test_of_many_only_some_are_shown_by_name() -> None:
    way = Way(policy())
    for number in range(7):
        way.tell(order(f"SO{number}"), START)
    way.hear(hours(65))
    policies = Policies(policy(), policy(revision=2, late={"enabled": False}))
    lines = list(told(impact_of(way.replay, *policies), policies))
    assert "would close, 5 of 7:" in lines
    assert sum(line.startswith("  late of order") for line in lines) == 5


def test_a_policy_by_which_a_delivery_cannot_be_judged_is_told_by_its_key(open_now: Way) -> None:
    after = policy(revision=2, late={"counts": "working_hours"}, calendar="nobodys")
    policies = Policies(policy(), after)
    impact = impact_of(open_now.replay, *policies)
    assert ("factory/SO1", "Rejected: no calendar is named 'nobodys'") in impact.failed
    assert any(line.startswith("factory/SO1 cannot be judged: ") for line in told(impact, policies))
