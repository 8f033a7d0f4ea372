"""The promise is frozen at confirmation: what moves it, what does not, and that both stay visible."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.documents import Order, OrderState, Review, ScheduledDelivery
from contracts.errors import Rejected
from contracts.model import build
from contracts.moment import Moment, Window
from contracts.operator_action import Act, OperatorAction
from contracts.policy import Policy
from contracts.snapshot import Kind, LineView
from streams.delivery.order_versions import FIRST_CONFIRMED, LAST, OrderVersions
from streams.delivery.promise import promises
from tests.properties import examples
from tests.streams.way import ERP, START, ZONE, Way, hours, issue, order, pieces


def by(day: int) -> Window:
    """A promise by the end of a day of March."""
    return Window.of_days(None, date(2026, 3, day), ZONE)


def line_of(way: Way) -> LineView:
    view = way.order().view
    assert view is not None
    return view.lines[0]


def changed(way: Way) -> list[datetime]:
    return [finding.since for finding in way.findings() if finding.kind is Kind.CHANGED_AFTER_CONFIRMATION]


@pytest.fixture
def way() -> Way:
    return Way()


def test_a_draft_promises_what_it_says_and_changes_freely(way: Way) -> None:
    way.tell(order(state=OrderState.DRAFT, promised=by(6)), START)
    way.tell(order(state=OrderState.DRAFT, promised=by(9), version=hours(1)), hours(1))
    way.hear(hours(2))
    line = line_of(way)
    assert (line.promised, line.promised_now, line.first_promised, line.confirmed) == (by(9), by(9), None, None)
    assert way.findings() == []


def test_an_internal_change_moves_nothing_and_is_told_since_its_version(way: Way) -> None:
    way.tell(order(promised=by(6)), START)
    way.tell(order(promised=by(9), version=hours(1)), hours(1))
    way.tell(order(promised=by(10), version=hours(2)), hours(2))
    way.hear(hours(3))
    line = line_of(way)
    assert (line.first_promised, line.promised, line.promised_now) == (by(6), by(6), by(10))
    assert changed(way) == [hours(1)]
    [finding] = way.findings()
    assert (finding.subject, finding.details["confirmed"], finding.details["now"]) == (
        "SO1/1",
        "10: 2026-03-06",
        "10: 2026-03-10",
    )


def test_a_change_that_the_customer_agreed_to_moves_the_promise(way: Way) -> None:
    way.tell(order(promised=by(6)), START)
    way.tell(order(promised=by(9), version=hours(1), agreed=True), hours(1))
    way.hear(hours(2))
    line = line_of(way)
    assert (line.first_promised, line.promised, line.promised_now) == (by(6), by(9), by(9))
    assert way.findings() == []


def test_a_quantity_changed_without_the_customer_is_told_and_both_are_shown(way: Way) -> None:
    way.tell(order(promised=by(6)), START)
    way.tell(order(promised=by(6), ordered=8, version=hours(1)), hours(1))
    way.hear(hours(2))
    assert (line_of(way).ordered, line_of(way).confirmed) == (pieces(8), pieces(10))
    assert changed(way) == [hours(1)]
    way.tell(order(promised=by(6), ordered=10, version=hours(3)), hours(3))
    way.hear(hours(4))
    assert changed(way) == []


def test_an_order_that_was_a_draft_again_is_promised_anew(way: Way) -> None:
    way.tell(order(promised=by(6)), START)
    way.tell(order(promised=by(6), state=OrderState.DRAFT, version=hours(1)), hours(1))
    way.tell(order(promised=by(9), version=hours(2)), hours(2))
    way.hear(hours(3))
    assert (line_of(way).first_promised, line_of(way).promised) == (by(6), by(9))
    assert changed(way) == []


def test_what_was_delivered_is_no_longer_asked_about(way: Way) -> None:
    way.tell(order(promised=by(6)), START)
    way.tell(order(promised=by(9), version=hours(1)), hours(1))
    way.tell(issue(numbers=()), hours(2))
    way.hear(hours(3))
    assert changed(way) == []


def test_each_change_stands_in_the_timeline_with_what_was_before(way: Way) -> None:
    way.tell(order(promised=by(6)), START)
    way.tell(order(promised=by(9), version=hours(1)), hours(1))
    way.tell(order(promised=by(10), version=hours(2), agreed=True), hours(2))
    way.hear(hours(3))
    view = way.order().view
    assert view is not None
    assert [(entry.at, entry.what, entry.text) for entry in view.timeline if entry.what.startswith("promise")] == [
        (hours(1), "promise_changed", "10 C62, 2026-03-06 -> 10 C62, 2026-03-09"),
        (hours(2), "promise_changed_as_agreed", "10 C62, 2026-03-09 -> 10 C62, 2026-03-10"),
    ]


def test_the_scheduled_parts_of_a_line_are_frozen_too(way: Way) -> None:
    def in_parts(day: int, at: int) -> Order:
        told = order(version=hours(at))
        parts = tuple(ScheduledDelivery(quantity=pieces(5), promised=by(one)) for one in (4, day))
        [line] = told.lines
        return told.model_copy(update={"lines": (line.model_copy(update={"promised": None, "schedule": parts}),)})

    way.tell(in_parts(11, 0), START)
    way.tell(in_parts(13, 1), hours(1))
    way.hear(hours(2))
    assert changed(way) == [hours(1)]
    [finding] = way.findings()
    assert finding.details["confirmed"] == "5: 2026-03-04; 5: 2026-03-11"


def test_a_scheduled_part_in_another_unit_is_refused() -> None:
    [line] = order().lines
    kilograms = {"quantity": {"value": "5", "unit": "KGM"}, "promised": by(4)}
    with pytest.raises(Rejected, match="in the unit of its line"):
        build(type(line), **(line.model_dump() | {"schedule": (kilograms,)}))


def test_a_refusal_holds_since_the_first_version_that_tells_it_where_it_has_no_date(way: Way) -> None:
    refused = Review(accepted=False, reason="no capacity")
    for at in (1, 2):
        way.tell(order(state=OrderState.DRAFT, version=hours(at)).model_copy(update={"review": refused}), hours(at))
    way.hear(hours(30))
    assert [(finding.kind, finding.since) for finding in way.findings()] == [(Kind.REVIEW_REFUSED, hours(1))]
    dated = refused.model_copy(update={"at": Moment(at=hours(0.5))})
    way.tell(order(state=OrderState.DRAFT, version=hours(31)).model_copy(update={"review": dated}), hours(31))
    way.hear(hours(31))
    assert [finding.since for finding in way.findings()] == [hours(0.5)]


def test_an_order_without_an_ordering_date_is_not_said_to_wait(way: Way) -> None:
    way.tell(order(state=OrderState.DRAFT).model_copy(update={"ordered_at": None}), START)
    way.hear(hours(100))
    assert way.findings() == []


versions = st.lists(
    st.builds(
        lambda place, day, state, agreed: order(
            promised=by(day), state=state, version=hours(place / 10), agreed=agreed
        ),
        st.integers(0, 60),
        st.integers(3, 6),
        st.sampled_from([OrderState.CONFIRMED, OrderState.CONFIRMED, OrderState.DRAFT, OrderState.COMPLETED]),
        st.booleans(),
    ),
    max_size=60,
)


def joined(told: list[Order]) -> OrderVersions:
    found = OrderVersions()
    for one in told:
        found = found.with_order(one, (one.version, one.encode().hex()))
    return found


@examples(60)
@given(told=versions, data=st.data())
def test_what_is_kept_of_many_versions_depends_on_neither_order_nor_repetition(
    told: list[Order], data: st.DataObject
) -> None:
    again = data.draw(st.permutations(told), label="again")
    assert joined([*again, *told[:5]]) == joined(told)
    assert len(joined(told).versions) <= FIRST_CONFIRMED + 8 + LAST


@examples(30)
@given(told=versions)
def test_while_none_is_dropped_the_promise_is_that_of_the_last_confirmation_or_agreement(told: list[Order]) -> None:
    """A slow, obviously right reading: look back from the end for what froze the promise."""
    distinct = sorted({(one.version, one.encode()): one for one in told[:LAST]}.items())
    expected: Window | None = None
    before = False
    for _, one in distinct:
        confirmed = one.state in {OrderState.CONFIRMED, OrderState.COMPLETED}
        if confirmed and (not before or one.lines[0].agreed):
            expected = one.lines[0].promised
        before = confirmed
    found = promises(joined(told[:LAST])).get("1")
    counts = found.counts.promised if found else None
    assert (counts.window() if counts else None) == expected


def agreed(day: int, at: float, *lines: str) -> OperatorAction:
    return build(
        OperatorAction,
        account=ERP,
        scope="order",
        subject="SO1",
        act=Act.AGREE,
        at=hours(at),
        by="li",
        why="Ms Berger rang.",
        promised=date(2026, 3, day),
        lines=lines or ("1",),
    )


def test_an_operators_word_moves_the_promise_as_the_customers_agreement_does(way: Way) -> None:
    way.tell(order(promised=by(6)), START)
    way.tell(agreed(10, 5), hours(5))
    way.hear(hours(6))
    line = line_of(way)
    assert (line.first_promised, line.promised, line.promised_now) == (by(6), by(10), by(6))
    assert changed(way) == [], "that the ERP says still what it said is no change"
    view = way.order().view
    assert view is not None
    told = [(entry.at, entry.what, entry.subject) for entry in view.timeline if entry.at == hours(5)]
    assert told == [(hours(5), "operator_agree", "1"), (hours(5), "promise_changed_as_agreed", "1")]


def test_an_operators_word_ends_a_change_that_the_erp_told_and_the_next_one_is_a_change_again(way: Way) -> None:
    way.tell(order(promised=by(6)), START)
    way.tell(order(promised=by(10), version=hours(1)), hours(1))
    way.hear(hours(2))
    assert changed(way) == [hours(1)]
    way.tell(agreed(10, 3), hours(3))
    way.hear(hours(4))
    assert changed(way) == []
    way.tell(order(promised=by(12), version=hours(5)), hours(5))
    way.hear(hours(6))
    assert (changed(way), line_of(way).promised) == ([hours(5)], by(10))


def test_a_day_is_agreed_and_no_quantity(way: Way) -> None:
    way.tell(order(promised=by(6)), START)
    way.tell(order(ordered=8, promised=by(10), version=hours(1)), hours(1))
    way.tell(agreed(10, 3), hours(3))
    way.hear(hours(4))
    assert (changed(way), line_of(way).promised) == ([hours(1)], by(10))


def test_what_the_erp_says_later_with_the_customers_agreement_counts_then(way: Way) -> None:
    way.tell(order(promised=by(6)), START)
    way.tell(agreed(10, 3), hours(3))
    way.tell(order(promised=by(12), agreed=True, version=hours(5)), hours(5))
    way.tell(order(promised=by(6), version=hours(7)), hours(7))
    way.hear(hours(8))
    assert (line_of(way).promised, changed(way)) == (by(12), [hours(7)]), "it was known to differ from the day before"


def test_a_day_agreed_before_the_order_is_confirmed_or_of_another_line_moves_nothing(way: Way) -> None:
    way.tell(order(state=OrderState.DRAFT, promised=by(6)), START)
    way.tell(agreed(10, 1), hours(1))
    way.tell(order(promised=by(6), version=hours(2)), hours(2))
    way.tell(agreed(11, 3, "2"), hours(3))
    way.hear(hours(4))
    assert line_of(way).promised == by(6)


def test_a_line_in_parts_is_promised_whole_by_the_agreed_day_in_its_own_zone(way: Way) -> None:
    parts = tuple(ScheduledDelivery(quantity=pieces(5), promised=by(day)) for day in (4, 6))
    whole = order()
    line = whole.lines[0].model_copy(update={"promised": None, "schedule": parts})
    way.tell(whole.model_copy(update={"lines": (line,)}), START)
    way.tell(agreed(10, 1), hours(1))
    way.hear(hours(2))
    assert (line_of(way).promised, line_of(way).parts) == (by(10), ())


@pytest.mark.parametrize("wrong", [{"lines": ()}, {"promised": None}, {"scope": "case"}])
def test_an_agreement_names_the_day_and_the_lines_of_an_order(wrong: dict[str, object]) -> None:
    with pytest.raises(Rejected, match="agree"):
        build(OperatorAction, **agreed(10, 1).model_dump() | wrong)


def test_an_order_that_its_review_accepted_and_nobody_confirms_is_asked_about(way: Way) -> None:
    reviewed = {"review": Review(accepted=True)}
    way.tell(order(state=OrderState.DRAFT).model_copy(update=reviewed), START)
    way.hear(hours(24 * 20))
    assert Kind.ORDER_UNCONFIRMED in [finding.kind for finding in way.findings()]


def test_a_change_is_told_once_its_grace_is_over_and_its_parts_one_after_the_other() -> None:
    settings = {"changed_after_confirmation": {"grace": "PT3H"}, "pollers": [ERP]}
    way = Way(Policy.model_validate(settings))
    parts = tuple(ScheduledDelivery(quantity=pieces(5), promised=by(day)) for day in (4, 9))
    whole = order(promised=by(6))
    line = whole.lines[0].model_copy(update={"promised": None, "schedule": parts})
    way.tell(whole, START)
    way.tell(whole.model_copy(update={"lines": (line,), "version": hours(1)}), hours(1))
    way.hear(hours(4))
    [finding] = [one for one in way.findings() if one.kind is Kind.CHANGED_AFTER_CONFIRMATION]
    assert (finding.since, finding.details["now"]) == (hours(4), "5: 2026-03-04; 5: 2026-03-09")
