"""What the ledger says after an answer."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.connector import Record
from contracts.errors import Rejected
from contracts.feedback import FeedbackOutcome
from streams.dispatch import outcome
from streams.dispatch.actions import LookUp
from streams.dispatch.entry import Entry, State, idempotency_key
from tests.streams.dispatch.samples import START

FIELDS = {"title": "late"}
SENT = Entry("desk", "erp", "order", "SO-1", "late", 1, START, State.IN_FLIGHT, fields=FIELDS, tries=2, revision=3)
FOUND = Record("17", is_open=True, version="4", fields=FIELDS, key="late", idempotency_key=SENT.idempotency_key)
LATER = START + timedelta(hours=1)


def by_person(*, refused: bool = False) -> Record:
    return replace(FOUND, is_open=False, closed_by="Li Wei", closed_reason="called", closed_at=LATER, refused=refused)


class TestSeen:
    def test_an_open_record_that_reads_as_it_was_sent_was_sent(self) -> None:
        change = outcome.seen(SENT, FOUND, START)
        assert (change.entry.state, change.entry.remote_id, change.entry.tries) == (State.OPEN, "17", 0)

    def test_one_that_reads_otherwise_is_taken_as_it_is_and_its_failures_still_count(self) -> None:
        change = outcome.seen(SENT, replace(FOUND, fields={"title": "early"}), START)
        assert (change.entry.fields, change.entry.tries) == ({"title": "early"}, 2)

    def test_a_close_that_did_not_happen_keeps_its_failures(self) -> None:
        closing = replace(SENT, state=State.CLOSING)
        assert outcome.seen(closing, FOUND, START).entry.tries == 2

    def test_its_opening_is_told_once(self) -> None:
        first = outcome.seen(SENT, FOUND, START)
        assert [fact.outcome for fact in first.feedback] == [FeedbackOutcome.OPENED]
        assert outcome.seen(first.entry, FOUND, LATER).feedback == ()

    def test_what_a_person_closed_is_a_fact_about_the_interval_that_the_record_answered_for(self) -> None:
        opened = outcome.seen(SENT, FOUND, START).entry
        change = outcome.seen(opened, by_person(), LATER)
        (fact,) = change.feedback
        assert (fact.outcome, fact.by, fact.reason, fact.since, fact.at) == (
            FeedbackOutcome.DONE,
            "Li Wei",
            "called",
            START,
            LATER,
        )
        assert (change.entry.state, change.entry.feedback) == (State.CLOSED, fact.id)

    def test_what_a_person_refused_is_told_as_refused(self) -> None:
        opened = outcome.seen(SENT, FOUND, START).entry
        (fact,) = outcome.seen(opened, by_person(refused=True), LATER).feedback
        assert fact.outcome is FeedbackOutcome.REFUSED

    def test_what_a_person_closed_with_an_approval_is_told_with_both_in_one_fact(self) -> None:
        opened = outcome.seen(SENT, FOUND, START).entry
        (fact,) = outcome.seen(opened, replace(by_person(), approved_by="Chen"), LATER).feedback
        assert (fact.outcome, fact.by, fact.reason, fact.approved_by) == (
            FeedbackOutcome.APPROVED,
            "Li Wei",
            "called",
            "Chen",
        )

    def test_a_refusal_is_no_approval(self) -> None:
        opened = outcome.seen(SENT, FOUND, START).entry
        (fact,) = outcome.seen(opened, replace(by_person(refused=True), approved_by="Chen"), LATER).feedback
        assert (fact.outcome, fact.approved_by) == (FeedbackOutcome.REFUSED, "")

    def test_what_we_closed_is_no_fact(self) -> None:
        opened = outcome.seen(SENT, FOUND, START).entry
        change = outcome.seen(opened, replace(FOUND, is_open=False), LATER)
        assert (change.feedback, change.entry.feedback) == ((), "")

    def test_a_record_that_a_person_reopened_is_open_and_its_closing_forgotten(self) -> None:
        closed = outcome.seen(outcome.seen(SENT, FOUND, START).entry, by_person(), LATER).entry
        entry = outcome.seen(replace(closed, state=State.IN_FLIGHT), FOUND, LATER).entry
        assert (entry.state, entry.feedback, entry.closed_at, entry.closed_by) == (State.OPEN, "", None, "")


class TestClosed:
    CLOSING = replace(SENT, state=State.CLOSING, opened_at=START, reason="cleared")

    def test_a_close_of_ours_keeps_its_reason_and_is_no_fact(self) -> None:
        change = outcome.closed(self.CLOSING, replace(FOUND, is_open=False), LATER)
        assert (change.entry.state, change.entry.reason, change.entry.tries) == (State.CLOSED, "cleared", 0)
        assert change.feedback == ()

    def test_somebody_who_was_faster_is_a_fact(self) -> None:
        change = outcome.closed(self.CLOSING, by_person(), LATER)
        assert [fact.by for fact in change.feedback] == ["Li Wei"]

    def test_a_record_that_stays_open_is_refused_rather_than_closed_for_ever(self) -> None:
        with pytest.raises(Rejected, match="still open"):
            outcome.closed(self.CLOSING, FOUND, LATER)


class TestLookedUp:
    def test_nothing_found_is_known_to_be_absent(self) -> None:
        (change,) = outcome.looked_up(SENT, [], {1}, START)
        assert change.entry.state is State.WANTED

    def test_episodes_that_the_ledger_lost_come_back(self) -> None:
        second = replace(FOUND, id="18", idempotency_key=idempotency_key("desk", "late", 2))
        changes = outcome.looked_up(SENT, [FOUND, second], {1}, START)
        assert [(c.entry.episode, c.entry.remote_id, c.entry.state) for c in changes] == [
            (1, "17", State.OPEN),
            (2, "18", State.OPEN),
        ]

    def test_an_episode_that_stands_in_the_ledger_is_left_to_its_own_look_up(self) -> None:
        second = replace(FOUND, id="18", idempotency_key=idempotency_key("desk", "late", 2))
        assert len(outcome.looked_up(SENT, [FOUND, second], {1, 2}, START)) == 1

    def test_another_accounts_record_of_the_same_task_is_not_ours(self) -> None:
        other = replace(FOUND, idempotency_key=idempotency_key("other-desk", "late", 1))
        (change,) = outcome.looked_up(SENT, [other], {1}, START)
        assert change.entry.state is State.WANTED


def test_a_record_that_somebody_deleted_is_a_refusal() -> None:
    opened = outcome.seen(SENT, FOUND, START).entry
    change = outcome.gone(opened, LATER)
    assert [fact.outcome for fact in change.feedback] == [FeedbackOutcome.REFUSED]
    assert change.entry.feedback


def test_an_entry_that_was_given_up_begins_anew_when_it_is_asked_after() -> None:
    dead = outcome.dead(SENT, Rejected("no", code="refused"), START)
    asked = outcome.asking(LookUp(dead, "another"), "c2")
    assert (asked.state, asked.tries, asked.error, asked.attempt) == (State.IN_FLIGHT, 0, "", "another")


def test_a_long_error_is_cut() -> None:
    assert len(outcome.failed(SENT, Rejected("x" * 9999), START).error) == outcome.ERROR_LIMIT
