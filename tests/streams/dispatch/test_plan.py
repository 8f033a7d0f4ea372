"""What is planned in each state of an episode, wanted or not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contracts.errors import Rejected
from contracts.identity import key
from streams.dispatch.actions import Action, Bury, Close, Create, LookUp, Note, Settle, Update, Wish, attempt_of
from streams.dispatch.entry import Entry, State
from streams.dispatch.plan import Rules, plan
from streams.dispatch.texts import Reason

SINCE = datetime(2026, 3, 2, tzinfo=UTC)
FIELDS = {"title": "late"}
RULES = Rules("desk", configuration="c1")
WISH = Wish("erp", "order", "SO-1", "late", SINCE, FIELDS)


def entry(state: State, episode: int = 1, **values: object) -> Entry:
    known = Entry("desk", "erp", "order", "SO-1", "late", episode, SINCE, state, configuration="c1", revision=1)
    return replace(known, **values)  # type: ignore[arg-type]


def only(wishes: list[Wish], entries: list[Entry], rules: Rules = RULES) -> Action:
    (action,) = plan(wishes, entries, rules)
    return action


class TestWanted:
    def test_a_task_without_an_entry_is_created_as_its_first_episode(self) -> None:
        action = only([WISH], [])
        assert isinstance(action, Create)
        assert (action.entry.episode, action.entry.state, action.entry.revision) == (1, State.WANTED, 0)

    def test_a_task_older_than_the_ledger_is_looked_for_before_it_is_created(self) -> None:
        action = only([WISH], [], replace(RULES, ask_first=True))
        assert isinstance(action, LookUp)
        assert action.entry.state is State.IN_FLIGHT

    def test_what_a_look_up_did_not_find_is_created(self) -> None:
        assert only([WISH], [entry(State.WANTED)], replace(RULES, ask_first=True)) == Create(entry(State.WANTED), WISH)

    @pytest.mark.parametrize("state", [State.IN_FLIGHT, State.CLOSING])
    def test_what_may_have_been_sent_is_looked_up_first(self, state: State) -> None:
        assert isinstance(only([WISH], [entry(state)]), LookUp)

    def test_an_open_record_with_the_wanted_fields_is_left_alone(self) -> None:
        assert plan([WISH], [entry(State.OPEN, fields=FIELDS)], RULES) == ()

    def test_an_open_record_with_other_fields_is_updated(self) -> None:
        known = entry(State.OPEN, fields={"title": "stalled"})
        assert only([WISH], [known]) == Update(known, WISH)

    def test_an_open_record_that_answers_for_a_later_interval_is_noted_and_not_written(self) -> None:
        later = replace(WISH, since=SINCE + timedelta(hours=1))
        action = only([later], [entry(State.OPEN, fields=FIELDS)])
        assert isinstance(action, Note)
        assert action.entry.since == later.since

    def test_what_we_closed_and_is_wanted_again_begins_a_new_episode(self) -> None:
        action = only([WISH], [entry(State.CLOSED)])
        assert isinstance(action, Create)
        assert action.entry.episode == 2

    def test_what_a_person_closed_stays_closed_until_the_wish_has_seen_it(self) -> None:
        closed = entry(State.CLOSED, feedback="f1")
        assert plan([WISH], [closed], RULES) == ()
        assert plan([replace(WISH, feedback=frozenset({"other"}))], [closed], RULES) == ()
        action = only([replace(WISH, feedback=frozenset({"f1"}))], [closed])
        assert isinstance(action, Create)
        assert action.entry.episode == 2

    def test_what_a_person_closed_is_no_answer_to_a_later_interval(self) -> None:
        later = replace(WISH, since=SINCE + timedelta(hours=1))
        action = only([later], [entry(State.CLOSED, feedback="f1")])
        assert isinstance(action, Create)
        assert action.entry.episode == 2

    def test_of_two_open_episodes_the_earlier_is_closed(self) -> None:
        first, second = entry(State.OPEN, 1, fields=FIELDS), entry(State.OPEN, 2, fields=FIELDS)
        assert plan([WISH], [second, first], RULES) == (Close(first, Reason.SUPERSEDED),)


class TestNotWanted:
    def test_an_open_record_is_closed(self) -> None:
        assert only([], [entry(State.OPEN)]) == Close(entry(State.OPEN), Reason.CLEARED)

    @pytest.mark.parametrize("state", [State.WANTED, State.RECORDED])
    def test_what_was_never_sent_ends_without_a_call(self, state: State) -> None:
        assert only([], [entry(state)]) == Settle(entry(state), Reason.CLEARED)

    @pytest.mark.parametrize("state", [State.IN_FLIGHT, State.CLOSING])
    def test_what_may_have_been_sent_is_looked_up_first(self, state: State) -> None:
        assert isinstance(only([], [entry(state)]), LookUp)

    def test_what_is_closed_stays_closed(self) -> None:
        assert plan([], [entry(State.CLOSED), entry(State.CLOSED, 2, feedback="f")], RULES) == ()

    def test_endings_come_before_beginnings(self) -> None:
        other = replace(WISH, task="stalled")
        actions = plan([other], [entry(State.OPEN)], RULES)
        assert [type(action) for action in actions] == [Close, Create]


class TestDead:
    WRITE = attempt_of("write", FIELDS)
    CLOSE = attempt_of("close", {})

    def test_it_rests_while_the_same_would_be_tried_with_the_same_configuration(self) -> None:
        assert plan([WISH], [entry(State.DEAD, attempt=self.WRITE)], RULES) == ()
        assert plan([], [entry(State.DEAD, attempt=self.CLOSE)], RULES) == ()

    def test_it_is_tried_again_when_what_would_be_written_changes(self) -> None:
        changed = replace(WISH, fields={"title": "very late"})
        action = only([changed], [entry(State.DEAD, attempt=self.WRITE)])
        assert action == LookUp(entry(State.DEAD, attempt=self.WRITE), attempt_of("write", changed.fields))

    def test_it_is_tried_again_when_it_is_no_longer_wanted(self) -> None:
        assert isinstance(only([], [entry(State.DEAD, attempt=self.WRITE)]), LookUp)

    def test_it_is_tried_again_under_another_configuration(self) -> None:
        dead = entry(State.DEAD, attempt=self.WRITE)
        assert isinstance(only([WISH], [dead], replace(RULES, configuration="c2")), LookUp)

    def test_it_is_tried_again_when_an_operator_replays_it(self) -> None:
        assert isinstance(only([WISH], [entry(State.DEAD, attempt="")]), LookUp)


class TestProblem:
    PROBLEM = replace(WISH, fields={}, problem=Rejected("no text in zh-CN", code="text_missing"))

    def test_a_wish_without_fields_is_told_once(self) -> None:
        action = only([self.PROBLEM], [])
        assert isinstance(action, Bury)
        attempt = attempt_of("problem", {"reason": "no text in zh-CN"})
        assert plan([self.PROBLEM], [entry(State.DEAD, attempt=attempt)], RULES) == ()

    def test_it_does_not_close_the_record_that_is_open(self) -> None:
        assert isinstance(only([self.PROBLEM], [entry(State.OPEN, fields=FIELDS)]), Bury)


class TestLiveFrom:
    RULES = replace(RULES, live_from=SINCE + timedelta(days=1))

    def test_what_began_earlier_is_recorded_and_never_pushed(self) -> None:
        action = only([WISH], [], self.RULES)
        assert isinstance(action, Note)
        assert action.entry.state is State.RECORDED
        assert plan([WISH], [action.entry], self.RULES) == ()

    def test_what_begins_at_it_is_created(self) -> None:
        assert isinstance(only([replace(WISH, since=SINCE + timedelta(days=1))], [], self.RULES), Create)

    def test_a_recorded_task_whose_cause_came_back_later_is_created(self) -> None:
        later = replace(WISH, since=SINCE + timedelta(days=2))
        action = only([later], [entry(State.RECORDED)], self.RULES)
        assert isinstance(action, Create)

    def test_a_record_that_is_open_already_is_kept_right(self) -> None:
        assert isinstance(only([WISH], [entry(State.OPEN)], self.RULES), Update)


class TestShadow:
    def test_a_live_plan_does_not_see_shadow_entries(self) -> None:
        assert isinstance(only([WISH], [entry(State.OPEN, shadow=True, fields=FIELDS)]), Create)

    def test_a_shadow_plan_sees_only_them_and_never_asks_the_target(self) -> None:
        rules = replace(RULES, shadow=True, ask_first=True)
        action = only([WISH], [entry(State.OPEN, fields=FIELDS)], rules)
        assert isinstance(action, Create)
        assert action.entry.shadow


class TestNotices:
    """A message to a customer is written once; nothing takes it back, and nothing says it again."""

    KEY = key("erp", "order", "SO-1", "notice", "arrival/YT1/2026-03-05").decode()
    NOTICE = replace(WISH, task=KEY, once=True)

    def sent(self, state: State, **values: object) -> Entry:
        return entry(state, task=self.KEY, **values)  # type: ignore[arg-type]

    def test_one_that_was_never_sent_is_written(self) -> None:
        assert isinstance(only([self.NOTICE], []), Create)

    def test_one_that_was_sent_is_neither_sent_again_nor_changed(self) -> None:
        assert plan([self.NOTICE], [self.sent(State.OPEN, fields={"title": "other"})], RULES) == ()
        assert plan([self.NOTICE], [self.sent(State.CLOSED)], RULES) == ()

    def test_one_that_may_have_been_sent_is_looked_up_first(self) -> None:
        assert isinstance(only([self.NOTICE], [self.sent(State.IN_FLIGHT)]), LookUp)

    def test_one_that_is_overtaken_before_it_was_sent_is_not_sent(self) -> None:
        assert only([], [self.sent(State.WANTED)]) == Settle(self.sent(State.WANTED), Reason.CLEARED)

    def test_one_that_was_sent_and_is_overtaken_is_left_as_it_is(self) -> None:
        assert only([], [self.sent(State.OPEN)]) == Settle(self.sent(State.OPEN), Reason.SENT)
