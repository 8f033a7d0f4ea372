"""What is found when customers tell what they received, and how it ends."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from contracts.acceptance import AcceptedLine, Cause, Deviation, Discrepancy, Disposition
from contracts.documents import IssueState, Product, ServiceTerms, Tolerance
from contracts.feedback import FeedbackOutcome, TaskFeedback
from contracts.model import Contract
from contracts.moment import Moment, Precision
from contracts.policy import Policy
from contracts.quantity import Quantity
from contracts.snapshot import DeliveryStatus, Kind, LineView, Severity, task_key
from contracts.tracking import TrackingStatus
from tests.streams.receipts import acceptance, line, remedy, returned
from tests.streams.way import ERP, POLICY, START, Way, hours, issue, order, pieces, report

DELIVERED = report("YT1", (hours(2), TrackingStatus.PICKED_UP), (hours(30), TrackingStatus.DELIVERED))
AT = hours(32)
"""When the acceptance was given, unless a test says otherwise."""


def told(*events: Contract, policy: Policy = POLICY, until: float = 40, delivered: bool = True) -> Way:
    """Ten ordered, ten despatched, delivered, and then this."""
    way = Way(policy)
    way.tell(order(), START)
    way.tell(issue("GI1", {"SO1": 10}, at=hours(1)), hours(1))
    if delivered:
        way.tell(DELIVERED, hours(31))
    for event in events:
        way.tell(event, hours(until))
    way.hear(hours(until))
    return way


def found(way: Way) -> dict[tuple[Kind, str], datetime]:
    return {(finding.kind, finding.subject): finding.since for finding in way.findings()}


def asked(way: Way) -> set[Kind]:
    return {task.kind for task in way.tasks()}


def view(way: Way) -> LineView:
    shown = way.order().view
    assert shown is not None
    return shown.lines[0]


def status(way: Way) -> DeliveryStatus:
    shown = way.order().view
    assert shown is not None
    return shown.status


def test_what_is_missing_is_so_only_once_the_customer_has_said_the_last_word() -> None:
    assert found(told(acceptance(line(8), final=False))) == {}
    short = told(acceptance(line(8), final=False, name="A1"), acceptance(line(1), name="A2", at=33))
    assert found(short) == {(Kind.UNDER_RECEIVED, "SO1/1"): hours(33), (Kind.RECEIPT_DISCREPANCY, "SO1"): hours(33)}
    assert asked(short) == {Kind.RECEIPT_DISCREPANCY}


def test_several_acceptances_add_up_to_all_of_it() -> None:
    way = told(acceptance(line(8), final=False, name="A1"), acceptance(line(2), name="A2", at=33))
    assert found(way) == {}
    assert status(way) is DeliveryStatus.ACCEPTED


def test_a_later_word_about_the_rest_clears_what_was_missing() -> None:
    assert found(told(acceptance(line(8)), acceptance(line(2), name="A2", at=35))) == {}


def test_a_corrected_acceptance_counts_alone() -> None:
    assert found(told(acceptance(line(8)), acceptance(line(10), version=36))) == {}
    assert found(told(acceptance(line(10), version=36), acceptance(line(8)))) == {}


def test_what_left_after_the_acceptance_is_not_missed_by_it() -> None:
    way = told(acceptance(line(10)), delivered=True)
    way.tell(issue("GI2", {"SO1": 5}, at=hours(38), numbers=("YT2",)), hours(40))
    way.hear(hours(41))
    assert (Kind.UNDER_RECEIVED, "SO1/1") not in found(way)
    assert status(way) is DeliveryStatus.PARTIALLY_ACCEPTED


def test_an_acceptance_of_one_goods_issue_says_nothing_of_another() -> None:
    events = [
        issue("GI1", {"SO1": 6}, at=hours(1), version=hours(2)),
        issue("GI2", {"SO1": 4}, at=hours(1), numbers=("YT2",)),
    ]
    one = told(*events, acceptance(line(6), goods_issue="GI1"))
    assert (Kind.UNDER_RECEIVED, "SO1/1") not in found(one)
    assert view(one).short_against_despatch is None
    both = told(*events, acceptance(line(6), goods_issue="GI1"), acceptance(line(3), goods_issue="GI2", name="A2"))
    assert (Kind.UNDER_RECEIVED, "SO1/1") in found(both)


def test_a_date_without_a_time_covers_what_left_on_it() -> None:
    on_the_day = Moment(at=START, precision=Precision.DATE)
    way = told(acceptance(line(9)).model_copy(update={"accepted_at": on_the_day}))
    assert found(way)[Kind.UNDER_RECEIVED, "SO1/1"] == START


@pytest.mark.parametrize(
    ("part", "kinds"),
    [
        (line(10, rejected=2, damaged=2), {Kind.DAMAGED}),
        (line(10, damaged=2), {Kind.DAMAGED}),
        (line(10, rejected=2, cause=Cause.DAMAGE), {Kind.DAMAGED}),
        (line(10, rejected=2, discrepancy=Discrepancy.DELIVERED_DAMAGED), {Kind.DAMAGED}),
        (line(10, discrepancy=Discrepancy.DELIVERED_DAMAGED), {Kind.DAMAGED}),
        (line(10, rejected=2, cause=Cause.TOO_LATE), set()),
        (line(10, rejected=2), set()),
    ],
)
def test_damage_and_rejection_are_coordinated_however_they_are_told(part: AcceptedLine, kinds: set[Kind]) -> None:
    way = told(acceptance(part))
    assert {kind for kind, _ in found(way)} == {*kinds, Kind.RECEIPT_DISCREPANCY}
    assert asked(way) == {Kind.RECEIPT_DISCREPANCY}


def test_quality_is_for_quality_alone_and_damage_beside_it_is_coordinated() -> None:
    way = told(acceptance(line(10, rejected=5, damaged=2, cause=Cause.QUALITY)))
    details = {finding.kind: finding.details for finding in way.findings()}
    assert details[Kind.REJECTED_QUALITY]["line"] == "1 BRG-6204: 3"
    assert details[Kind.RECEIPT_DISCREPANCY]["damaged"] == "1 BRG-6204: 2"
    assert details[Kind.RECEIPT_DISCREPANCY]["rejected"] == ""


def test_torn_packages_are_coordinated_before_anybody_knows_what_is_damaged() -> None:
    way = told(acceptance(line(10), visible_damage="a torn pallet"))
    [finding] = way.findings()
    assert (finding.kind, finding.since, finding.details["seen"]) == (Kind.RECEIPT_DISCREPANCY, AT, "a torn pallet")
    assert found(told(acceptance(line(10), visible_damage="a torn pallet"), remedy(Disposition.ACCEPTED_AS_IS))) == {}


@pytest.mark.parametrize(
    "part",
    [
        line(10, product="BRG-6205"),
        line(10, cause=Cause.WRONG_ITEM),
        line(10, discrepancy=Discrepancy.COMPLETE_WITH_SUBSTITUTION),
    ],
)
def test_a_wrong_item_does_not_count_as_the_lines(part: AcceptedLine) -> None:
    way = told(acceptance(part))
    kinds = {Kind.WRONG_ITEM, Kind.UNDER_RECEIVED, Kind.RECEIPT_DISCREPANCY}
    assert {kind for kind, _ in found(way)} == kinds
    assert view(way).received == Quantity(value=Decimal(0), unit="C62")


def test_the_coordination_names_what_differs_and_who_has_to_agree() -> None:
    way = told(acceptance(line(8, rejected=1, damaged=1), reason="the driver would not wait"))
    [task] = way.tasks()
    assert task.details["missing"] == "1 BRG-6204: 2"
    assert task.details["damaged"] == "1 BRG-6204: 1"
    for language, words in {
        "en": ("Sales", "production", "logistics", "replacement", "rework", "return", "scrap", "credit", "as it is"),
        "zh-CN": ("销售", "生产", "物流", "换货", "返工", "退货", "报废", "退款", "让步接收"),
    }.items():
        assert all(word in task.texts[language].body for word in words)
        assert "the driver would not wait" in task.texts[language].body


def test_more_than_left_waits_for_the_erp_that_may_explain_it() -> None:
    assert found(told(acceptance(line(12)), until=32.5)) == {}
    assert found(told(acceptance(line(12)))) == {(Kind.OVER_RECEIVED, "SO1/1"): hours(33)}
    explained = told(acceptance(line(12)), issue("GI2", {"SO1": 2}, at=hours(2), numbers=()))
    assert {kind for kind, _ in found(explained)} == {Kind.OVER_DESPATCHED}


def test_more_than_left_is_not_judged_while_the_erp_is_silent() -> None:
    way = told(acceptance(line(12)), until=32.5)
    way.hear(hours(60), ["ingress"])
    assert found(way) == {}


def test_too_much_that_was_rejected_is_one_thing_not_two() -> None:
    way = told(acceptance(line(12, rejected=2, cause=Cause.TOO_MUCH)))
    assert {kind for kind, _ in found(way)} == {Kind.OVER_RECEIVED}


def test_a_refusal_rejects_what_left_and_nothing_is_missing() -> None:
    way = told(acceptance(refused=True, reason="not ordered by us"))
    assert found(way) == {(Kind.RECEIPT_DISCREPANCY, "SO1"): AT}
    assert status(way) is DeliveryStatus.REFUSED
    [task] = way.tasks()
    assert (task.details["rejected"], task.details["reason"]) == ("1 BRG-6204: 10", "not ordered by us")


def test_what_was_refused_first_and_taken_in_later_is_accepted() -> None:
    way = told(acceptance(refused=True), acceptance(line(10), at=36, name="A2"))
    assert found(way) == {}
    assert status(way) is DeliveryStatus.ACCEPTED


def test_a_refusal_of_one_line_rejects_that() -> None:
    way = told(acceptance(line(10), refused=True, final=False))
    assert found(way) == {(Kind.RECEIPT_DISCREPANCY, "SO1"): AT}
    assert status(way) is DeliveryStatus.REFUSED


@pytest.mark.parametrize("disposition", Disposition)
def test_each_way_to_end_it_ends_the_coordination_once_it_covers_all(disposition: Disposition) -> None:
    assert asked(told(acceptance(line(8)), remedy(disposition, 1))) == {Kind.RECEIPT_DISCREPANCY}
    assert found(told(acceptance(line(8)), remedy(disposition, 2))) == {}
    assert found(told(acceptance(line(8)), remedy(disposition))) == {}


def test_a_remedy_covers_what_it_names_and_nothing_else() -> None:
    both = acceptance(line(8, rejected=1, damaged=1))
    for one, left in ((Deviation.SHORT, Kind.DAMAGED), (Deviation.DAMAGED, Kind.UNDER_RECEIVED)):
        way = told(both, remedy(of=one))
        assert {kind for kind, _ in found(way)} == {left, Kind.RECEIPT_DISCREPANCY}
    assert found(told(both, remedy(order_line="2"))).keys() == found(told(both)).keys()
    assert found(told(both, remedy(count=3))) == {}
    assert found(told(both, remedy(count=2))).keys() == {(Kind.DAMAGED, "SO1/1"), (Kind.RECEIPT_DISCREPANCY, "SO1")}


def test_a_remedy_in_another_unit_covers_nothing() -> None:
    kilograms = remedy().model_copy(update={"quantity": Quantity(value=Decimal(2), unit="KGM")})
    assert asked(told(acceptance(line(8)), kilograms)) == {Kind.RECEIPT_DISCREPANCY}


def test_a_remedy_that_is_called_off_covers_nothing_any_more() -> None:
    way = told(acceptance(line(8)), remedy(), remedy(withdrawn=True, version=34))
    assert asked(way) == {Kind.RECEIPT_DISCREPANCY}


def test_a_replacement_by_the_same_order_is_not_too_much() -> None:
    again = issue("GI2", {"SO1": 2}, at=hours(36), numbers=("YT2",))
    arrived = acceptance(line(2), at=39, name="A2", goods_issue="GI2")
    way = told(acceptance(line(8)), remedy(count=2), again, arrived)
    assert found(way) == {}
    assert status(way) is DeliveryStatus.ACCEPTED
    unagreed = told(acceptance(line(8)), again, arrived)
    assert Kind.OVER_DESPATCHED in {kind for kind, _ in found(unagreed)}


def test_what_came_back_may_leave_again() -> None:
    again = issue("GI2", {"SO1": 3}, at=hours(36), numbers=("YT2",))
    assert Kind.OVER_DESPATCHED not in {kind for kind, _ in found(told(returned({"SO1": 3}), again))}
    assert Kind.OVER_DESPATCHED in {kind for kind, _ in found(told(returned({"SO1": 3}, at=None), again))}


def test_a_quantity_in_another_unit_is_named_and_judged_by_nobody() -> None:
    in_kilograms = line(8).model_copy(update={"received": Quantity(value=Decimal(8), unit="KGM")})
    way = told(acceptance(in_kilograms))
    assert found(way) == {}
    assert view(way).uncounted == ("A1",)
    assert status(way) is not DeliveryStatus.ACCEPTED


def test_the_first_word_that_all_arrived_counts_where_the_carrier_is_silent() -> None:
    way = told(acceptance(line(10)), delivered=False, until=100)
    assert found(way) == {}
    shown = way.order().view
    assert shown is not None
    assert shown.parcels[0].delivered_at == AT


def test_of_two_parcels_with_something_missing_the_silent_one_may_be_lost() -> None:
    way = Way()
    way.tell(order(), START)
    way.tell(issue("GI1", {"SO1": 10}, at=hours(1), numbers=("YT1", "YT2")), hours(1))
    way.tell(DELIVERED, hours(31))
    way.tell(acceptance(line(5)), hours(33))
    way.hear(hours(100))
    assert Kind.LATE in {kind for kind, _ in found(way)}


@pytest.mark.parametrize(
    ("line_has", "order_has", "policy_has", "recorded"),
    [
        ({"under_percent": 20}, None, {}, True),
        ({"under": 2}, None, {}, True),
        ({"under_percent": 19}, None, {}, False),
        ({"over_percent": 20}, None, {}, False),
        (None, {"under_percent": 20}, {}, True),
        ({"under_percent": 0}, {"under_percent": 20}, {}, False),
        (None, None, {"under_percent": 20}, True),
        (None, None, {"customers": {"C7": {"under": 2}}}, True),
        (None, None, {"customers": {"C8": {"under": 2}}}, False),
        (None, None, {"under_percent": 20, "customers": {"C7": {"under": 1}}}, False),
        (None, {"under": 1}, {"customers": {"C7": {"under": 2}}}, False),
    ],
)
def test_the_nearest_tolerance_counts_and_within_it_nothing_is_asked(
    line_has: dict[str, object] | None,
    order_has: dict[str, object] | None,
    policy_has: dict[str, object],
    recorded: bool,  # noqa: FBT001
) -> None:
    whole = order()
    [ordered] = whole.lines
    own = Tolerance.model_validate(line_has) if line_has is not None else None
    lines = (ordered.model_copy(update={"tolerance": own}),)
    given = Tolerance.model_validate(order_has) if order_has is not None else None
    way = Way(Policy.model_validate({"pollers": [ERP], "tolerance": policy_has}))
    way.tell(whole.model_copy(update={"lines": lines, "tolerance": given}), START)
    way.tell(issue("GI1", {"SO1": 10}, at=hours(1)), hours(1))
    way.tell(DELIVERED, hours(31))
    way.tell(acceptance(line(8)), hours(33))
    way.hear(hours(40))
    kinds = {finding.kind for finding in way.findings()}
    assert kinds == ({Kind.UNDER_RECEIVED} if recorded else {Kind.UNDER_RECEIVED, Kind.RECEIPT_DISCREPANCY})
    assert bool(way.tasks()) is not recorded
    assert (status(way) is DeliveryStatus.ACCEPTED) is recorded


def test_what_left_short_and_what_was_lost_on_the_way_are_tolerated_together() -> None:
    """Five percent of a hundred are five, not five at each station."""
    policy = Policy.model_validate({"pollers": [ERP], "tolerance": {"under": 2}})
    way = Way(policy)
    way.tell(order(), START)
    way.tell(issue("GI1", {"SO1": 8}, at=hours(1)), hours(1))
    way.tell(DELIVERED, hours(31))
    way.tell(acceptance(line(7)), hours(33))
    way.hear(hours(40))
    severities = {finding.kind: finding.severity for finding in way.findings()}
    assert severities[Kind.UNDER_DESPATCHED] is Severity.RECORDED
    assert asked(way) == {Kind.RECEIPT_DISCREPANCY}


def test_over_has_a_tolerance_of_its_own() -> None:
    policy = Policy.model_validate({"pollers": [ERP], "tolerance": {"over": 2}})
    way = told(acceptance(line(12)), policy=policy)
    assert [(one.kind, one.severity) for one in way.findings()] == [(Kind.OVER_RECEIVED, Severity.RECORDED)]
    assert way.tasks() == []
    assert asked(told(acceptance(line(13)), policy=policy)) == {Kind.OVER_RECEIVED}


def test_an_unordered_or_cancelled_order_is_not_judged() -> None:
    way = Way()
    way.tell(issue("GI1", {"SO1": 10}, at=hours(1)), hours(1))
    way.tell(acceptance(line(8)), hours(33))
    way.hear(hours(33.5))
    assert found(way) == {}


def test_the_timeline_tells_what_customers_said_and_what_was_agreed() -> None:
    way = told(
        acceptance(line(8), signed_by="K. Weber"),
        remedy(agreed_by="K. Weber", done_at=hours(36)),
        returned({"SO1": 1}),
    )
    shown = way.order().view
    assert shown is not None
    entries = [(entry.what, entry.subject, entry.text) for entry in shown.timeline if entry.at >= AT]
    assert entries == [
        ("accepted", "A1", "K. Weber"),
        ("replacement_agreed", "R1", "K. Weber"),
        ("replacement_done", "R1", ""),
        ("given_back", "RR1", "rust"),
    ]


def test_what_was_refused_is_not_awaited_any_more_and_not_delivered_either() -> None:
    way = told(acceptance(refused=True), delivered=False, until=100)
    assert Kind.LATE not in {kind for kind, _ in found(way)}
    shown = way.order().view
    assert shown is not None
    assert shown.parcels[0].delivered_at is None


def test_a_delivery_accepted_in_part_is_closed_once_a_reason_was_given_and_approved() -> None:
    way = told(acceptance(line(8)))
    [task] = way.tasks()
    approved = TaskFeedback(
        account=ERP,
        scope="order",
        subject="SO1",
        task=task_key(ERP, "order", "SO1", task),
        since=task.since,
        target="tickets",
        episode=1,
        outcome=FeedbackOutcome.APPROVED,
        record="17",
        at=hours(41),
        by="mei",
        reason="the customer keeps eight",
        approved_by="chen",
    )
    way.hear(hours(500))
    assert way.order().closed_at is None
    way.tell(approved, hours(501))
    way.hear(hours(501) + POLICY.closing.after)
    assert way.order().closed_at is not None
    assert status(way) is DeliveryStatus.PARTIALLY_ACCEPTED


def test_replacements_of_several_remedies_add_up() -> None:
    again = issue("GI2", {"SO1": 2}, at=hours(36), numbers=("YT2",))
    agreed = [remedy(count=1, name="R1"), remedy(count=1, name="R2")]
    assert Kind.OVER_DESPATCHED not in {kind for kind, _ in found(told(acceptance(line(8)), again, *agreed))}
    assert Kind.OVER_DESPATCHED in {kind for kind, _ in found(told(acceptance(line(8)), again, agreed[0]))}


def test_each_kind_of_deviation_is_listed_under_its_own_name() -> None:
    names = ("missing", "damaged", "wrong", "rejected")
    shown = {
        part: {name for name in names if told(acceptance(one)).tasks()[0].details[name]}
        for part, one in {
            "missing": line(8),
            "damaged": line(10, damaged=1),
            "rejected": line(10, rejected=1),
            "wrong": line(10, product="BRG-6205"),
        }.items()
    }
    assert shown == {
        "missing": {"missing"},
        "damaged": {"damaged"},
        "rejected": {"rejected"},
        "wrong": {"missing", "wrong"},
    }


def test_short_of_the_order_is_said_once_nothing_more_is_to_come_and_all_was_answered() -> None:
    planned = issue("GI2", {"SO1": 2}, at=hours(50), numbers=(), state=IssueState.PLANNED)
    less = issue("GI1", {"SO1": 8}, at=hours(1), version=hours(2))
    assert view(told(less, planned, acceptance(line(8)))).short_against_order is None
    assert view(told(less, acceptance(line(8), final=False))).short_against_order is None
    assert view(told(less, acceptance(line(8)))).short_against_order == pieces(2)


def test_what_counts_from_acceptance_counts_from_that_of_the_last_goods_issue() -> None:
    way = Way()
    terms = ServiceTerms(survey_after_days=2)
    way.tell(order().model_copy(update={"service": terms}), START)
    for number, parcel in (("GI1", "YT1"), ("GI2", "YT2")):
        way.tell(issue(number, {"SO1": 5}, at=hours(1), numbers=(parcel,)), hours(1))
    way.tell(acceptance(line(5), at=32, goods_issue="GI1"), hours(33))
    way.tell(acceptance(line(5), at=56, name="A2", goods_issue="GI2"), hours(57))
    way.hear(hours(56 + 48))
    assert found(way)[Kind.SURVEY_DUE, "SO1"] == hours(56 + 48)


def test_the_customers_own_words_and_the_grace_of_the_policy_are_in_it() -> None:
    policy = Policy.model_validate({"pollers": [ERP], "receipt_discrepancy": {"grace": "PT1H"}})
    crushed = line(10, damaged=1).model_copy(update={"text": "two boxes crushed"})
    way = told(acceptance(crushed, reason="bad road"), policy=policy)
    assert found(way)[Kind.RECEIPT_DISCREPANCY, "SO1"] == AT + timedelta(hours=1)
    assert way.tasks()[0].details["reason"] == "bad road; two boxes crushed"


def test_what_is_damaged_in_two_receipts_is_so_since_the_first() -> None:
    first = acceptance(line(5, damaged=1), final=False)
    assert found(told(first, acceptance(line(5, damaged=1), at=36, name="A2")))[Kind.DAMAGED, "SO1/1"] == AT


def test_a_refusal_that_names_what_was_refused_rejects_no_more_than_that() -> None:
    assert view(told(acceptance(line(4), refused=True))).rejected == pieces(4)


def test_a_product_that_no_line_has_is_counted_in_the_unit_that_was_told_first() -> None:
    extra = line(5, order_line="", product="GRS-2")
    kilograms = extra.model_copy(update={"received": Quantity(value=Decimal(3), unit="KGM")})
    way = told(acceptance(line(10), extra, kilograms))
    [finding] = way.findings()
    assert (finding.subject, finding.details["line"], finding.details["received"]) == ("SO1/GRS-2", "GRS-2: 5", "")


def delivered_at(way: Way) -> dict[str, datetime | None]:
    shown = way.order().view
    assert shown is not None
    return {parcel.number: parcel.delivered_at for parcel in shown.parcels}


def test_which_parcels_have_arrived_by_the_customers_word() -> None:
    assert delivered_at(told(acceptance(line(8)), delivered=False)) == {"YT1": AT}
    two = issue("GI1", {"SO1": 10}, at=hours(1), numbers=("YT1", "YT2"), version=hours(2))
    assert delivered_at(told(two, acceptance(line(8)))) == {"YT1": hours(30), "YT2": None}
    assert delivered_at(told(two, acceptance(line(10)))) == {"YT1": hours(30), "YT2": AT}
    back = report("YT1", (hours(2), TrackingStatus.PICKED_UP), (hours(20), TrackingStatus.RETURNING))
    assert delivered_at(told(back, acceptance(line(10)), delivered=False)) == {"YT1": None}


def test_an_order_is_accepted_when_all_of_its_lines_have_left() -> None:
    whole = order()
    [first] = whole.lines
    lines = (first, first.model_copy(update={"line": "2", "product": Product(code="GRS-2")}))
    way = Way()
    way.tell(whole.model_copy(update={"lines": lines}), START)
    way.tell(issue("GI1", {"SO1": 10}, at=hours(1)), hours(1))
    way.tell(acceptance(line(10)), hours(33))
    way.hear(hours(34))
    assert status(way) is DeliveryStatus.PARTIALLY_ACCEPTED


def test_torn_packages_stay_to_be_coordinated_until_a_remedy_for_damage_stands() -> None:
    torn = acceptance(line(10), visible_damage="a torn pallet")
    assert asked(told(torn, remedy(of=Deviation.SHORT))) == {Kind.RECEIPT_DISCREPANCY}
    called_off = remedy(of=Deviation.DAMAGED), remedy(of=Deviation.DAMAGED, withdrawn=True, version=34)
    assert asked(told(torn, *called_off)) == {Kind.RECEIPT_DISCREPANCY}
    assert asked(told(torn, remedy(of=Deviation.DAMAGED))) == set()


def test_what_was_received_stands_beside_what_left() -> None:
    [finding] = told(acceptance(line(12))).findings()
    assert (finding.details["received"], finding.details["line"]) == ("12 / 10", "1 BRG-6204: 2")
