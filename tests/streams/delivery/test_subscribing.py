"""Which parcels are wanted at a tracker, and how time, refusals and the carriers' own words change that."""

from datetime import datetime, timedelta

import pytest

from contracts.documents import DeliveryMethod, IssueState, OrderState
from contracts.policy import Policy, StalledPolicy, TrackerRule
from contracts.registration import Registration, RegistrationState
from contracts.snapshot import Kind, WantedSubscription
from contracts.tracking import Subscription, Tracking, TrackingStatus
from tests.streams.way import ERP, Way, hours, issue, order, report

KUAIDI100 = TrackerRule(name="kuaidi100", carriers=("yuantong",))
UPS = TrackerRule(name="ups", carriers=("ups",), renew_after=timedelta(days=13))
OTHERS = TrackerRule(name="seventeentrack", asks=False)
POLICY = Policy(pollers=(ERP,), trackers=(KUAIDI100, UPS), carriers={"yuantong": ("圆通",)})
MOVING = (hours(3), TrackingStatus.IN_TRANSIT)


@pytest.fixture
def way() -> Way:
    return begun(POLICY)


def begun(policy: Policy, carrier: str = "yuantong") -> Way:
    way = Way(policy)
    way.tell(order(), hours(0))
    way.tell(issue(at=hours(2), carrier=carrier), hours(2))
    way.hear(hours(2))
    return way


def wanted(way: Way, number: str = "SO1") -> list[WantedSubscription]:
    return list(way.order(number).wanted.subscriptions)


def registration(
    at: datetime, state: RegistrationState = RegistrationState.REGISTERED, tracker: str = "kuaidi100"
) -> Registration:
    return Registration(account=ERP, order="SO1", id="YT1", version=at, tracker=tracker, state=state, reason="no")


def given_up(way: Way, at: datetime) -> None:
    told = Tracking.model_validate(report("YT1").model_dump() | {"subscription": Subscription.ABORTED})
    way.tell(told, at)
    way.hear(at)


def test_a_despatched_parcel_is_wanted_at_the_tracker_of_its_carrier_by_whatever_name(way: Way) -> None:
    [one] = wanted(way)
    assert (one.tracker, one.number, one.carrier, one.since) == ("kuaidi100", "YT1", "yuantong", hours(2))
    assert (one.until, one.again, one.ask_at) == (None, None, None)
    assert wanted(begun(POLICY, "圆通")) == [one]


def test_without_trackers_or_without_one_for_the_carrier_nothing_is_wanted() -> None:
    assert wanted(begun(Policy(pollers=(ERP,)))) == []
    assert wanted(begun(POLICY, "shunfeng")) == []
    catch_all = POLICY.model_copy(update={"trackers": (OTHERS, KUAIDI100)})
    assert [(one.tracker, one.carrier) for one in wanted(begun(catch_all, "shunfeng"))] == [("seventeentrack", "*")]
    assert [one.tracker for one in wanted(begun(catch_all))] == ["kuaidi100"]


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("it has not left", (order(), issue(state=IssueState.PICKED))),
        ("the order was cancelled", (order(state=OrderState.CANCELLED), issue())),
        ("the customer fetches it", (order(method=DeliveryMethod.SELF_PICKUP), issue())),
        ("our own vehicle brings it", (order(method=DeliveryMethod.OWN_FLEET), issue())),
        ("nobody knows the order", (issue(),)),
        ("the despatch was cancelled", (order(), issue(state=IssueState.CANCELLED))),
    ],
)
def test_a_parcel_of_which_no_news_are_awaited_is_not_wanted(what: str, told: tuple[object, ...]) -> None:
    way = Way(POLICY)
    for document in told:
        way.tell(document, hours(1))  # type: ignore[arg-type]
    way.hear(hours(2))
    assert wanted(way) == [], what


@pytest.mark.parametrize("end", [TrackingStatus.DELIVERED, TrackingStatus.RETURNED, TrackingStatus.CANCELLED])
def test_a_parcel_at_its_end_is_wanted_no_more_and_its_order_can_be_closed(way: Way, end: TrackingStatus) -> None:
    way.tell(report("YT1", MOVING, (hours(9), end)), hours(9))
    way.hear(hours(10))
    assert wanted(way) == []


def test_a_parcel_on_its_way_back_or_perhaps_lost_stays_wanted(way: Way) -> None:
    for status in (TrackingStatus.RETURNING, TrackingStatus.EXPIRED):
        way.tell(report("YT1", MOVING, (hours(9), status)), hours(9))
        way.hear(hours(10))
        assert [one.number for one in wanted(way)] == ["YT1"], status


def test_a_registration_that_ends_by_itself_is_wanted_anew_before_it_ends() -> None:
    way = begun(POLICY, "ups")
    assert [one.until for one in wanted(way)] == [hours(2) + timedelta(days=13)]
    way.hear(hours(2) + timedelta(days=12, hours=23))
    assert [one.until for one in wanted(way)] == [hours(2) + timedelta(days=13)]
    way.hear(hours(2) + timedelta(days=13))
    assert [one.until for one in wanted(way)] == [hours(2) + timedelta(days=26)]
    way.hear(hours(2) + timedelta(days=40))
    assert [one.until for one in wanted(way)] == [hours(2) + timedelta(days=52)]


def test_each_time_the_source_gives_up_the_parcel_is_wanted_again_even_in_the_same_words(way: Way) -> None:
    given_up(way, hours(80))
    assert [one.again for one in wanted(way)] == [hours(80)]
    given_up(way, hours(80.6))
    assert [one.again for one in wanted(way)] == [hours(80)], "a sender's retry says nothing new"
    given_up(way, hours(160))
    assert [one.again for one in wanted(way)] == [hours(160)]
    way.tell(report("YT1", MOVING), hours(161))
    way.hear(hours(162))
    assert [one.again for one in wanted(way)] == [hours(160)], "what follows does not unsay it"


def test_a_registered_parcel_is_asked_for_after_each_half_of_what_it_may_be_silent(way: Way) -> None:
    way.hear(hours(2 + 25))
    assert [one.ask_at for one in wanted(way)] == [None], "nothing is known of its registration"
    way.tell(registration(hours(2)), hours(27))
    way.hear(hours(27))
    assert [one.ask_at for one in wanted(way)] == [hours(2 + 24)]
    way.hear(hours(2 + 48))
    assert [one.ask_at for one in wanted(way)] == [hours(2 + 48)]
    way.tell(report("YT1", (hours(49), TrackingStatus.IN_TRANSIT)), hours(51))
    way.hear(hours(51))
    assert [one.ask_at for one in wanted(way)] == [None]
    way.hear(hours(49 + 24))
    assert [one.ask_at for one in wanted(way)] == [hours(49 + 24)]


@pytest.mark.parametrize(
    "policy",
    [
        POLICY.model_copy(update={"trackers": (KUAIDI100.model_copy(update={"asks": False}),)}),
        POLICY.model_copy(update={"stalled": StalledPolicy(carriers={"yuantong": timedelta(0)})}),
    ],
)
def test_nobody_is_asked_where_the_tracker_does_not_or_no_silence_is_ordinary(policy: Policy) -> None:
    way = begun(policy)
    way.tell(registration(hours(2)), hours(3))
    way.hear(hours(200))
    assert [one.ask_at for one in wanted(way)] == [None]


def test_a_parcel_that_waits_for_its_customer_or_was_refused_is_not_asked_for(way: Way) -> None:
    way.tell(registration(hours(2), RegistrationState.REFUSED), hours(3))
    way.hear(hours(60))
    assert [one.ask_at for one in wanted(way)] == [None]
    way.tell(registration(hours(61)), hours(61))
    way.tell(report("YT1", MOVING, (hours(62), TrackingStatus.AVAILABLE_FOR_PICKUP)), hours(62))
    way.hear(hours(120))
    assert [one.ask_at for one in wanted(way)] == [None]


def test_a_refusal_is_found_until_it_is_registered_and_only_of_the_tracker_that_counts(way: Way) -> None:
    def found() -> list[str]:
        return [one.details["reason"] for one in way.findings() if one.kind is Kind.UNSUBSCRIBED]

    way.tell(registration(hours(3), RegistrationState.REFUSED, "former"), hours(3))
    way.hear(hours(3))
    assert found() == []
    way.tell(registration(hours(4), RegistrationState.REFUSED), hours(4))
    way.hear(hours(4))
    assert found() == ["no"]
    way.tell(registration(hours(5)), hours(5))
    way.hear(hours(5))
    assert found() == []


def test_a_parcel_that_no_tracker_takes_is_found_when_a_day_has_brought_no_word_of_it() -> None:
    way = begun(POLICY, "shunfeng")
    way.hear(hours(25.9))
    assert Kind.UNSUBSCRIBED not in {one.kind for one in way.findings()}
    way.hear(hours(26))
    assert [(one.subject, one.since) for one in way.findings() if one.kind is Kind.UNSUBSCRIBED] == [("YT1", hours(26))]
    way.tell(report("YT1", MOVING, carrier="shunfeng"), hours(27))
    way.hear(hours(27))
    assert Kind.UNSUBSCRIBED not in {one.kind for one in way.findings()}


def test_an_order_is_closed_although_its_parcels_registration_was_told() -> None:
    way = begun(POLICY)
    way.tell(registration(hours(90)), hours(90))
    way.tell(report("YT1", MOVING, (hours(9), TrackingStatus.DELIVERED)), hours(9))
    way.hear(hours(24 * 60))
    assert way.order().closed_at == hours(9) + POLICY.closing.after


def test_a_source_that_takes_a_parcel_again_only_later_is_not_asked_to_before() -> None:
    patient = KUAIDI100.model_copy(update={"again_after": timedelta(minutes=30)})
    way = begun(POLICY.model_copy(update={"trackers": (patient,)}))
    given_up(way, hours(80))
    way.hear(hours(80.4))
    assert [one.again for one in wanted(way)] == [None]
    way.hear(hours(80.5))
    assert [one.again for one in wanted(way)] == [hours(80.5)]
