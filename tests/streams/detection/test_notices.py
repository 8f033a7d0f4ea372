"""What customers are told by themselves, when, and when it is overtaken."""

from datetime import datetime, timedelta

import pytest

from contracts.documents import Conditions, Order, Place, Range
from contracts.moment import Moment, Window
from contracts.policy import NoticePolicy, Policy
from contracts.snapshot import Notice
from contracts.tracking import Tracking, TrackingStatus
from tests.streams.way import ERP, POLICY, ZONE, Way, hours, issue, order, report

TO_HAMBURG = Place(country="DE", city="Hamburg", postal_code="20457")


def expected(eta: datetime, at: float = 3, number: str = "YT1") -> Tracking:
    told = report(number, (hours(at), TrackingStatus.IN_TRANSIT))
    return told.model_copy(update={"eta": Moment(at=eta)})


def way_with(*reports: Tracking, whole: Order | None = None, policy: Policy = POLICY, numbers: int = 1) -> Way:
    way = Way(policy)
    way.tell(whole or order().model_copy(update={"destination": TO_HAMBURG, "reference": "PO-7"}), hours(0))
    way.tell(issue(numbers=[f"YT{number}" for number in range(1, numbers + 1)]), hours(1))
    for told in reports:
        way.tell(told, hours(3))
    way.hear(hours(3))
    return way


def notices(way: Way, at: float) -> dict[str, Notice]:
    way.hear(hours(at))
    return {notice.key: notice for notice in way.order().wanted.notices}


def test_an_arrival_is_announced_a_day_ahead_with_date_place_and_what_to_have_ready() -> None:
    way = way_with(expected(hours(40)))
    assert notices(way, 15.9) == {}
    [notice] = notices(way, 16).values()
    assert (notice.key, notice.since, notice.audience) == ("arrival/2026-03-04", hours(16), "C7")
    english = notice.texts["en"]
    assert english.title == "Your order SO1 is to arrive on 2026-03-04"
    assert "Place: 20457 Hamburg." in english.body
    assert "Your reference: PO-7." in english.body
    assert "Parcel: YT1 (yuantong)." in english.body
    assert "counts and checks the goods" in english.body


def test_what_the_papers_and_the_required_range_ask_of_the_customer_is_told() -> None:
    way = Way()
    way.tell(order().model_copy(update={"required_documents": ("CoC",)}), hours(0))
    cold = Conditions(temperature=Range(low="2", high="8"))  # type: ignore[arg-type]  # pydantic reads it
    way.tell(issue().model_copy(update={"conditions": cold}), hours(1))
    way.tell(expected(hours(20)), hours(3))
    [notice] = notices(way, 3).values()
    assert "These papers come with it: CoC." in notice.texts["en"].body
    assert "Keep the goods at 2 – 8 °C." in notice.texts["en"].body


def test_papers_are_named_in_the_customers_language_whatever_code_the_order_has_for_them() -> None:
    """What has no name here is told as the order says it; one document told twice is one."""
    required = ("certificate_of_conformity", "271", "2", "Warranty Card", "EN 10204 3.1")
    way = way_with(expected(hours(20)), whole=order().model_copy(update={"required_documents": required}))
    [notice] = notices(way, 3).values()
    english, chinese = notice.texts["en"].body.splitlines(), notice.texts["zh-CN"].body.splitlines()
    assert "These papers come with it: certificate of conformity, packing list, warranty card, EN 10204 3.1." in english
    assert "随货文件：合格证、装箱单、保修卡、EN 10204 3.1。" in chinese


def test_goods_that_came_sooner_overtake_their_notice() -> None:
    way = way_with(expected(hours(40)))
    way.tell(report("YT1", (hours(10), TrackingStatus.DELIVERED)), hours(10))
    assert notices(way, 16) == {}


def test_another_date_is_another_notice_and_the_same_date_none() -> None:
    way = way_with(expected(hours(40)), whole=order(promised=Window.of_days(None, hours(240).date(), ZONE)))
    assert set(notices(way, 16)) == {"arrival/2026-03-04"}
    way.tell(expected(hours(42), at=16), hours(16))
    assert set(notices(way, 18)) == {"arrival/2026-03-04"}
    way.tell(expected(hours(64), at=19), hours(19))
    assert notices(way, 20) == {}
    assert set(notices(way, 40)) == {"arrival/2026-03-05"}


def test_parcels_that_come_on_one_day_are_one_notice() -> None:
    way = way_with(expected(hours(38)), expected(hours(39), number="YT2"), numbers=2)
    [notice] = notices(way, 20).values()
    assert "YT1, YT2" in notice.texts["en"].body


def test_a_notice_that_is_too_late_to_be_of_use_is_not_wanted() -> None:
    way = way_with(expected(hours(20)))
    assert "arrival/2026-03-03" in notices(way, 43)
    assert "arrival/2026-03-03" not in notices(way, 44)


def test_a_delay_is_told_with_the_new_date_and_what_is_being_done() -> None:
    way = way_with(expected(hours(90)))
    [notice] = [one for one in notices(way, 65).values() if one.key.startswith("delay/")]
    assert (notice.key, notice.since) == ("delay/2026-03-06", hours(64))
    body = notice.texts["en"].body
    assert "promised for 2026-03-04, is delayed" in body
    assert "It is now expected on 2026-03-06 (Asia/Shanghai)." in body
    assert "What we are doing: we are asking the carrier" in body
    assert "do not know" not in body


def test_a_carriers_own_later_date_is_told_before_the_promise_is_broken() -> None:
    way = way_with(expected(hours(90)))
    [notice] = notices(way, 4).values()
    assert (notice.key, notice.since) == ("delay/2026-03-06", hours(3))
    way.tell(expected(hours(50), at=5), hours(5))
    assert notices(way, 6) == {}


def test_what_only_we_fear_is_not_told_to_the_customer() -> None:
    """The order has not left when it must have: people are called, the customer is not alarmed."""
    way = Way()
    way.tell(order(), hours(0))
    assert notices(way, 60) == {}
    assert "at_risk" in {finding.kind for finding in way.order().findings}


def test_a_delay_without_a_date_says_so_and_the_date_is_told_when_it_is_known() -> None:
    way = way_with(report("YT1", (hours(3), TrackingStatus.IN_TRANSIT)))
    [first] = notices(way, 65).values()
    assert first.key == "delay/unknown"
    assert "We do not know the new date yet" in first.texts["en"].body
    way.tell(expected(hours(110), at=66), hours(66))
    assert set(notices(way, 67)) == {"delay/2026-03-06"}


def test_an_order_that_has_not_left_is_told_as_such() -> None:
    way = Way()
    way.tell(order(), hours(0))
    [notice] = notices(way, 65).values()
    assert "it has not left yet" in notice.texts["en"].body
    assert "货物尚未发出" in notice.texts["zh-CN"].body


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (TrackingStatus.CUSTOMS, "clearing with customs"),
        (TrackingStatus.DELIVERY_ATTEMPTED, "when and where it can be received"),
        (TrackingStatus.OUT_FOR_DELIVERY, "we are following it every day"),
    ],
)
def test_what_is_being_done_depends_on_where_the_goods_are(status: TrackingStatus, told: str) -> None:
    way = way_with()
    way.tell(report("YT1", (hours(60), status)), hours(60))
    [notice] = notices(way, 65).values()
    assert told in notice.texts["en"].body


def test_two_parcels_expected_at_one_instant_are_one_notice() -> None:
    way = way_with(expected(hours(39)), expected(hours(39), number="YT2"), numbers=2)
    assert len(notices(way, 20)) == 1


def test_a_range_with_one_open_end_is_told_as_such() -> None:
    way = Way()
    way.tell(order(), hours(0))
    cool = Conditions(temperature=Range(high="8"))  # type: ignore[arg-type]  # pydantic reads it
    way.tell(issue().model_copy(update={"conditions": cool}), hours(1))
    way.tell(expected(hours(20)), hours(3))
    [notice] = notices(way, 3).values()
    assert "Keep the goods at … – 8 °C." in notice.texts["en"].body


def test_a_delay_that_is_over_is_told_no_more() -> None:
    way = way_with(report("YT1", (hours(3), TrackingStatus.IN_TRANSIT)))
    assert notices(way, 65)
    way.tell(report("YT1", (hours(66), TrackingStatus.DELIVERED)), hours(66))
    assert notices(way, 67) == {}


def test_a_policy_may_leave_the_customer_to_people() -> None:
    quiet = Policy(pollers=(ERP,), notices=NoticePolicy(arrival=False, delay=False))
    assert notices(way_with(expected(hours(40)), policy=quiet), 20) == {}
    assert notices(way_with(expected(hours(90)), policy=quiet), 70) == {}


def test_a_notice_moves_by_the_policys_span() -> None:
    early = Policy(pollers=(ERP,), notices=NoticePolicy(before_arrival=timedelta(hours=30)))
    assert notices(way_with(expected(hours(40)), policy=early), 10)


def test_a_notice_tells_the_required_humidity_and_until_when_it_is_of_use() -> None:
    way = Way()
    way.tell(order(), hours(0))
    dry = Conditions(humidity=Range(low="30", high="60"))  # type: ignore[arg-type]  # pydantic reads it
    way.tell(issue().model_copy(update={"conditions": dry}), hours(1))
    way.tell(expected(hours(40)), hours(3))
    [notice] = notices(way, 16).values()
    assert "Keep the goods at 30 – 60 % RH." in notice.texts["en"].body
    assert notice.expires_at == hours(64)
