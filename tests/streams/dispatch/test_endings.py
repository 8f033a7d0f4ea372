"""What becomes of records that people closed, merged or deleted, by each rule: a lane against a target in memory."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.connector import Record, Writing
from contracts.errors import Retryable
from contracts.settings import TargetAccount
from contracts.snapshot import Task
from streams.dispatch.endings import Ending, Endings, Rule, ending_of, endings_of
from streams.dispatch.entry import State
from streams.dispatch.intake import read_record
from streams.store.outbox import Letter
from tests.streams.dispatch.fake_target import FakeTarget
from tests.streams.dispatch.memory import MemoryStore, runner
from tests.streams.dispatch.samples import START, record, snapshot, task


def now() -> datetime:
    return START


class Desk:
    """One order's task at a target, under an account's rules. seen: the feedback that the next snapshot has seen."""

    def __init__(self, **rules: Any) -> None:  # noqa: ANN401 - settings of an account
        self.account = TargetAccount(name="desk", connector="fake", url="http://127.0.0.1:1", **rules)
        self.store, self.fake, self.through = MemoryStore(), FakeTarget(), 0

    async def want(self, *tasks: Task) -> None:
        self.through += 1
        state = read_record(record(snapshot(*tasks), self.through), with_views=self.account.statuses)
        self.store.take(state, START)
        await runner(self.store, self.fake, self.account, now).run(state.key, lambda: True)

    async def notice(self, *tasks: Task) -> None:
        """Ask the target again what became of every open record, as after a poll that told of it."""
        for name, entry in self.store.ledger.items():
            if entry.state is State.OPEN:
                self.store.ledger[name] = replace(entry, state=State.IN_FLIGHT)
        await self.want(*tasks)

    @property
    def told(self) -> list[tuple[str, str]]:
        return [(fact["outcome"], fact.get("assigned_to", "")) for fact in map(_data, self.store.letters)]

    @property
    def open(self) -> list[str]:
        return [one.id for one in self.fake.open_records()]


def _data(letter: Letter) -> dict[str, Any]:
    assert letter.value is not None
    told: dict[str, Any] = json.loads(letter.value)["data"]
    return told


async def _foreign(desk: Desk) -> str:
    """Somebody's own record."""
    made = await desk.fake.create(Writing("theirs", "theirs", {"theirs": "as it was"}))
    return made.id


def _record() -> Record:
    return Record("1", is_open=False, version="1", fields={}, key="late", idempotency_key="k-1", closed_by="Li Wei")


async def test_by_feedback_a_closed_record_is_an_answer_and_no_other_is_made_before_it_was_heard() -> None:
    desk = Desk()
    await desk.want(task())
    desk.fake.person_closes("1")
    await desk.notice(task())
    assert (desk.open, desk.told) == ([], [("opened", ""), ("done", "")])


async def test_by_reopen_a_closed_record_is_opened_again_with_a_word_and_right_fields_and_is_no_answer() -> None:
    desk = Desk(when_closed="reopen")
    await desk.want(task())
    desk.fake.person_closes("1")
    await desk.notice(task(title="stalled"))
    assert (desk.open, desk.told) == (["1"], [("opened", "")])
    assert desk.fake.records["1"].fields["title"] == "stalled"
    assert desk.fake.comments == ["Opened again by Quayside: the cause still holds."]
    assert desk.fake.named("create") == desk.fake.named("reopen"), "of the same task, once each"


async def test_what_is_wanted_no_longer_is_not_opened_again() -> None:
    desk = Desk(when_closed="reopen")
    await desk.want(task())
    desk.fake.person_closes("1")
    await desk.notice()
    assert (desk.open, desk.fake.named("reopen")) == ([], [])


async def test_a_reopening_whose_answer_was_lost_is_looked_up_and_not_done_twice() -> None:
    desk = Desk(when_closed="reopen")
    await desk.want(task())
    desk.fake.person_closes("1")

    async def lose() -> None:
        if desk.fake.calls[-1][0] == "reopen":
            raise Retryable("no answer", code="timeout")

    desk.fake.after = lose
    await desk.notice(task())
    (lane,) = desk.store.lanes.values()
    assert lane.parked
    await desk.want(task())
    assert (desk.open, len(desk.fake.named("reopen"))) == (["1"], 1)


async def test_by_again_a_closed_record_is_followed_by_a_new_one_at_once() -> None:
    desk = Desk(when_closed="again")
    await desk.want(task())
    desk.fake.person_closes("1")
    await desk.notice(task())
    assert (desk.open, desk.told) == (["2"], [("opened", ""), ("opened", "")])


@pytest.mark.parametrize("rule", ["reopen", "again"])
async def test_a_closing_that_somebody_approved_is_an_answer_by_any_rule(rule: str) -> None:
    desk = Desk(when_closed=rule)
    await desk.want(task())
    desk.fake.person_closes("1")
    desk.fake.records["1"] = replace(desk.fake.records["1"], approved_by="Chen")
    await desk.notice(task())
    assert (desk.open, desk.told) == ([], [("opened", ""), ("approved", "")])


async def test_by_follow_the_record_it_was_merged_into_stands_for_it_and_is_never_written() -> None:
    desk = Desk(when_merged="follow")
    await desk.want(task())
    survivor = await _foreign(desk)
    desk.fake.person_merges("1", survivor)
    await desk.notice(task())
    await desk.want(task(title="stalled"))
    (entry,) = desk.store.ledger.values()
    assert (entry.state, entry.remote_id, entry.merged_into) == (State.OPEN, survivor, survivor)
    assert desk.fake.records[survivor].fields == {"theirs": "as it was"}
    assert desk.told == [("opened", "")]
    await desk.want()
    assert desk.open == [survivor], "what is not ours is not closed by us"


async def test_the_closing_of_the_followed_record_is_the_answer_whoever_closed_it() -> None:
    desk = Desk(when_merged="follow")
    await desk.want(task())
    survivor = await _foreign(desk)
    desk.fake.person_merges("1", survivor)
    await desk.notice(task())
    desk.fake.person_closes(survivor, by="")
    await desk.notice(task())
    assert desk.told == [("opened", ""), ("done", "")]


@pytest.mark.parametrize(("rule", "made"), [("feedback", []), ("again", ["3"])])
async def test_a_merged_record_is_an_answer_or_followed_by_a_new_one(rule: str, made: list[str]) -> None:
    desk = Desk(when_merged=rule)
    await desk.want(task())
    survivor = await _foreign(desk)
    desk.fake.person_merges("1", survivor)
    await desk.notice(task())
    assert [one for one in desk.open if one != survivor] == made
    assert (("done", "") in desk.told) == (rule == "feedback")


@pytest.mark.parametrize(("rule", "made"), [("feedback", []), ("again", ["2"]), ("leave", [])])
async def test_a_deleted_record_is_an_answer_made_again_or_left(rule: str, made: list[str]) -> None:
    desk = Desk(when_deleted=rule)
    await desk.want(task())
    desk.fake.person_deletes("1")
    await desk.notice(task())
    assert desk.open == made
    assert (("refused", "") in desk.told) == (rule != "again")


async def test_what_is_left_is_left_even_when_the_answer_was_heard_but_not_for_a_later_interval() -> None:
    desk = Desk(when_deleted="leave")
    await desk.want(task())
    desk.fake.person_deletes("1")
    await desk.notice(task())
    (entry,) = desk.store.ledger.values()
    await desk.want(task(feedback=(entry.feedback,)))
    assert desk.open == []
    await desk.want(task(since=START + timedelta(hours=1)))
    assert desk.open == ["2"]


@pytest.mark.parametrize(
    ("rules", "closed", "deleted"),
    [
        ({}, [], ["2"]),
        ({"when_closed": "again", "when_deleted": "leave"}, ["2"], []),
        ({"when_closed": "reopen"}, ["1"], ["2"]),
    ],
)
async def test_a_status_beside_an_order_follows_the_rules_too_and_is_never_an_answer(
    rules: dict[str, str], closed: list[str], deleted: list[str]
) -> None:
    for act, left in ((FakeTarget.person_closes, closed), (FakeTarget.person_deletes, deleted)):
        desk = Desk(statuses=True, **rules)
        await desk.want()
        act(desk.fake, "1")
        await desk.notice()
        assert (desk.open, desk.told) == (left, [])


async def test_whose_a_record_becomes_is_told_each_time_it_changes_and_not_when_it_is_made() -> None:
    desk = Desk()
    await desk.want(task())
    for whom in ("Mei", "Mei", "Chen", "Mei"):
        desk.fake.person_gives("1", whom)
        await desk.notice(task())
    assert desk.told == [("opened", ""), ("reassigned", "Mei"), ("reassigned", "Chen"), ("reassigned", "Mei")]
    assert desk.open == ["1"]


def test_what_was_deleted_and_can_still_be_read_was_deleted_and_not_closed() -> None:
    assert ending_of(_record()) is Ending.CLOSED
    assert ending_of(replace(_record(), merged_into="2")) is Ending.MERGED
    assert ending_of(replace(_record(), merged_into="2", is_deleted=True)) is Ending.DELETED


def test_an_account_says_its_rules_and_answers_are_the_default() -> None:
    account = TargetAccount(name="desk", connector="fake", url="http://127.0.0.1:1")
    assert endings_of(account) == Endings()
    ruled = account.model_copy(update={"when_merged": "follow"})
    assert endings_of(ruled).rule(Ending.MERGED) is Rule.FOLLOW
    assert endings_of(ruled).rule("") is Rule.FEEDBACK
