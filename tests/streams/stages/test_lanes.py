"""Deliver asks its lanes and tells them; what they answer is a fact of the delivery."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.acceptance import Acceptance
from contracts.clock import BEFORE_TIME, Clock
from contracts.documents import Place
from contracts.envelope import Envelope
from contracts.identity import order_key
from contracts.lane import Basis, Lane, LaneEstimate, LegCompleted, LegOutcome, TransitEstimate
from contracts.model import read
from contracts.moment import Moment, Precision, Window
from contracts.policy import Policy
from contracts.snapshot import Finding, Kind, ParcelView, Snapshot
from contracts.topics import DELIVERIES, LANES
from contracts.tracking import Owner, Reason, Tracking, TrackingStatus
from streams.delivery import facts
from streams.engine.keyrecord import read_key
from streams.engine.stage import Quarantine
from streams.lanes.history import LaneWindow
from streams.stages import lanes
from tests.properties import examples
from tests.streams.way import ERP, START, ZONE, Way, hours, issue, order, report

POLICY = Policy.model_validate(
    {"pollers": [ERP], "carriers": {"yto": ["yuantong"]}, "lanes": {"enough": 3}, "late": {"enabled": False}}
)
BAVARIA = Place(country="DE", region="BY")
ZHEJIANG = Place(country="CN", region="ZJ")
LANE = Lane(carrier="yto", origin="CN-ZJ", destination="DE-BY")
LONG = hours(24 * 60)


def despatch(way: Way, number: str, at: float, *, to: Place = BAVARIA, promised: Window | None = None) -> None:
    way.tell(order(number, version=hours(at), promised=promised).model_copy(update={"destination": to}), hours(at))
    left = issue(f"GI-{number}", {number: 10}, numbers=(f"YT-{number}",), at=hours(at), version=hours(at))
    way.tell(left.model_copy(update={"origin": ZHEJIANG}), hours(at))


def carried(number: str, at: float, took: float) -> Tracking:
    """A parcel of an order that was picked up two hours after it left, and delivered after `took` hours more."""
    return report(
        f"YT-{number}",
        (hours(at + 2), TrackingStatus.PICKED_UP),
        (hours(at + 2 + took / 3), TrackingStatus.IN_TRANSIT),
        (hours(at + 2 + took), TrackingStatus.DELIVERED),
    )


def deliver_one(way: Way, number: str, at: float, took: float, *, to: Place = BAVARIA) -> None:
    despatch(way, number, at, to=to)
    way.tell(carried(number, at, took), hours(at + took + 3))


def an_estimate() -> LaneEstimate:
    rests_on_policy = TransitEstimate(rests_on=Basis.POLICY)
    return LaneEstimate(
        account=ERP, order="SO1", id="1", version=START, number="YTSO1", lane=LANE, estimate=rests_on_policy
    )


def told(way: Way) -> list[LegCompleted]:
    return [
        read(LegCompleted, record.value)
        for record in way.replay.written(LANES)
        if dict(record.headers)["ce_type"] == b"quayside.lane.leg_completed.v1"
    ]


def parcel(way: Way, number: str) -> ParcelView:
    view = way.order(number).view
    assert view is not None
    return view.parcels[0]


def stalls(way: Way) -> list[Finding]:
    return [finding for finding in way.findings() if finding.kind is Kind.STALLED]


@pytest.fixture
def way() -> Way:
    return Way(POLICY)


def seasoned(way: Way) -> Way:
    """Three parcels that took 24, 30 and 36 hours."""
    for count, took in enumerate((24, 30, 36)):
        deliver_one(way, f"H{count}", 10 * count, took)
    way.hear(hours(100))
    return way


def test_a_despatched_parcel_is_told_what_its_lanes_history_says(way: Way) -> None:
    despatch(seasoned(way), "SO1", 110)
    way.hear(hours(111))
    estimate = parcel(way, "SO1").estimate
    assert estimate is not None
    assert estimate.transit is not None
    assert (estimate.rests_on, estimate.sample, estimate.as_of) == (Basis.HISTORY, 3, hours(20 + 2 + 36))
    assert estimate.transit.p50 == pytest.approx(30, rel=0.01)
    assert estimate.transit.p95 == pytest.approx(36, rel=0.01)


def test_another_destination_is_another_lane(way: Way) -> None:
    despatch(seasoned(way), "SO1", 110, to=Place(country="DE", region="BE"))
    way.hear(hours(111))
    estimate = parcel(way, "SO1").estimate
    assert estimate is not None
    assert (estimate.rests_on, estimate.transit) == (Basis.POLICY, None)


def test_a_corrected_address_asks_the_other_lane_and_the_first_answer_counts_no_more(way: Way) -> None:
    despatch(seasoned(way), "SO1", 110, to=Place(country="DE", region="BE"))
    way.hear(hours(111))
    way.tell(order("SO1", version=hours(112)).model_copy(update={"destination": BAVARIA}), hours(112))
    way.hear(hours(113))
    estimate = parcel(way, "SO1").estimate
    assert estimate is not None
    assert estimate.rests_on is Basis.HISTORY


def test_a_leg_says_what_stood_in_its_way(way: Way) -> None:
    despatch(way, "SO1", 0)
    scans = report(
        "YT-SO1",
        (hours(2), TrackingStatus.PICKED_UP),
        (hours(12), TrackingStatus.EXCEPTION),
        (hours(13), TrackingStatus.EXCEPTION),
        (hours(14), TrackingStatus.UNKNOWN),
        (hours(40), TrackingStatus.EXCEPTION),
        (hours(41), TrackingStatus.DELIVERED),
    )
    owners = (None, Owner.CARRIER, Owner.CARRIER, None, None, None)
    marked = [
        scan.model_copy(update={"owner": owner, "reason": Reason.DAMAGED if owner else ""})
        for scan, owner in zip(scans.scans, owners, strict=True)
    ]
    way.tell(scans.model_copy(update={"scans": tuple(marked)}), hours(42))
    way.hear(hours(43))
    [leg] = [one.leg for one in told(way)]
    assert leg == parcel(way, "SO1").leg
    assert (leg.lane, leg.number, leg.outcome) == (LANE, "YTSO1", LegOutcome.DELIVERED)
    assert (leg.despatched_at, leg.picked_up_at, leg.ended_at) == (hours(0), hours(2), hours(41))
    assert (leg.promised_by, leg.due_by) == (hours(64), hours(64))
    assert (leg.transit_hours, leg.silence_hours) == (39, 26)
    assert leg.exceptions == {"carrier": 1, "unknown": 1}
    assert (leg.scans, leg.unknown_codes, leg.late_scans, leg.damaged) == (6, 1, 4, True)


def test_an_end_that_only_the_customer_tells_is_no_measure_of_the_lane(way: Way) -> None:
    """The parcel shows it, the lane is not told."""
    despatch(way, "SO1", 0)
    way.tell(report("YT-SO1", (hours(2), TrackingStatus.PICKED_UP)), hours(3))
    accepted = Acceptance(account=ERP, order="SO1", id="A1", version=hours(50), accepted_at=Moment(at=hours(50)))
    way.tell(accepted, hours(50))
    way.hear(hours(51))
    leg = parcel(way, "SO1").leg
    assert leg is not None
    assert (leg.outcome, leg.is_scanned, leg.ended_at, leg.transit_hours) == ("delivered", False, hours(50), None)
    assert told(way) == []


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(TrackingStatus.RETURNED, LegOutcome.RETURNED), (TrackingStatus.EXPIRED, LegOutcome.LOST)],
)
def test_other_ends_are_told_too(way: Way, status: TrackingStatus, outcome: LegOutcome) -> None:
    despatch(way, "SO1", 0)
    way.tell(report("YT-SO1", (hours(2), TrackingStatus.PICKED_UP), (hours(90), status)), hours(91))
    way.hear(hours(92))
    assert [one.leg.outcome for one in told(way)] == [outcome]


def test_a_parcel_that_was_lost_and_turns_up_is_told_once_more(way: Way) -> None:
    despatch(way, "SO1", 0)
    lost = [(hours(2), TrackingStatus.PICKED_UP), (hours(90), TrackingStatus.EXPIRED)]
    way.tell(report("YT-SO1", *lost), hours(91))
    way.hear(hours(92))
    way.tell(report("YT-SO1", *lost, (hours(99), TrackingStatus.DELIVERED)), hours(100))
    way.hear(hours(101))
    assert [one.leg.outcome for one in told(way)] == [LegOutcome.LOST, LegOutcome.DELIVERED]


def test_a_parcel_is_asked_for_once_and_told_of_once(way: Way) -> None:
    deliver_one(way, "SO1", 0, 30)
    way.tell(carried("SO1", 0, 30), hours(50))
    way.tell(order("SO1", ordered=12, version=hours(51)).model_copy(update={"destination": BAVARIA}), hours(51))
    way.hear(LONG)
    assert len(told(way)) == 1
    types = [dict(record.headers)["ce_type"] for record in way.replay.written(LANES)]
    assert types.count(b"quayside.lane.asked.v1") <= 1


def test_a_parcel_that_was_delivered_before_a_document_named_it_is_told_too(way: Way) -> None:
    way.tell(carried("SO1", 0, 30), hours(40))
    way.hear(hours(41))
    despatch(way, "SO1", 0)
    way.hear(hours(42))
    assert [one.leg.transit_hours for one in told(way)] == [30]
    assert parcel(way, "SO1").estimate is None


def test_one_parcel_for_two_orders_is_one_leg_of_its_lane(way: Way) -> None:
    way.tell(order("SO1"), START)
    way.tell(order("SO2"), START)
    way.tell(issue(quantities={"SO1": 10, "SO2": 10}), START)
    way.tell(report("YT1", (hours(2), TrackingStatus.PICKED_UP), (hours(30), TrackingStatus.DELIVERED)), hours(31))
    way.hear(hours(32))
    assert len({one.leg.id for one in told(way)}) == 1
    [stored] = way.replay.changelog("lanes").values()
    record = read_key(stored)
    assert record.state is not None
    kept = lanes.FORMAT.read(record.state)
    assert sum(window.legs for window in kept.windows.values()) == 1


def test_a_restart_of_all_stages_leaves_the_lanes_bytes_as_they_were() -> None:
    undisturbed, restarted = seasoned(Way(POLICY)), Way(POLICY)
    for count, took in enumerate((24, 30, 36)):
        deliver_one(restarted, f"H{count}", 10 * count, took)
        restarted.replay.settle()
        for stage in restarted.stages:
            restarted.replay.restart(stage)
    restarted.hear(hours(100))
    assert restarted.replay.changelog("lanes") == undisturbed.replay.changelog("lanes")


def test_lanes_needs_no_time(way: Way) -> None:
    """It answers before anybody ticked, and nothing of it falls due."""
    despatch(way, "SO1", 0)
    way.replay.settle()
    assert parcel(way, "SO1").estimate is not None
    [estimated] = [
        read(LaneEstimate, record.value)
        for record in way.replay.written(DELIVERIES)
        if dict(record.headers)["ce_type"] == b"quayside.lane.estimated.v1"
    ]
    assert (estimated.order, estimated.version) == ("SO1", hours(0))


def test_an_estimate_that_comes_when_the_delivery_is_closed_is_no_late_information(way: Way) -> None:
    deliver_one(way, "SO1", 0, 30)
    way.hear(LONG)
    way.tell(an_estimate(), LONG)
    way.hear(LONG + timedelta(hours=1))
    stored = read_key(way.replay.changelog("deliver")[order_key(ERP, "SO1")]).state
    assert stored is not None
    kept = facts.FORMAT.read(stored)
    assert type(kept).__name__ == "Stub"
    assert Kind.LATE_INFORMATION not in [finding.kind for finding in way.findings()]


def test_what_a_lane_cannot_use_is_refused(way: Way) -> None:
    envelope = Envelope("1", "quayside.lane.estimated.v1", "deliver", START, START)
    way.replay.put(LANES, LANE.key, an_estimate().encode(), envelope.headers())
    with way.refusing("unroutable") as refused:
        way.replay.settle()
    assert [one.stage for one in refused] == ["lanes"]


def test_a_lane_that_rests_says_so_since_its_newest_leg(way: Way) -> None:
    """The stage has no time of its own, so it cannot say since when by its clock."""
    [stored] = seasoned(way).replay.changelog("lanes").values()
    record = read_key(stored)
    assert record.state is not None
    assert record.as_of == 0
    assert lanes.STAGE.quarantined is not None
    kept, broken, clock = lanes.FORMAT.read(record.state), Quarantine(BEFORE_TIME, "broken", 1), Clock(BEFORE_TIME)
    [output] = lanes.STAGE.quarantined(LANE.key, kept, broken, clock, POLICY)
    snapshot = read(Snapshot, output.data)
    assert snapshot.subject == "lanes yto/service:/from:CN-ZJ/to:DE-BY"
    assert [(found.kind, found.since) for found in snapshot.findings] == [(Kind.QUARANTINED, hours(58))]


def test_a_parcel_has_stalled_when_it_is_silent_for_longer_than_its_lane(way: Way) -> None:
    """The three before it were silent for 24 hours at the longest, two thirds of 36."""
    despatch(seasoned(way), "SO1", 110)
    way.tell(report("YT-SO1", (hours(112), TrackingStatus.PICKED_UP)), hours(113))
    way.hear(hours(112 + 24) - timedelta(seconds=1))
    assert stalls(way) == []
    way.hear(hours(112 + 25))
    [stalled] = stalls(way)
    assert stalled.details["legs"] == "3"
    assert stalled.details["silence"] in {"24 h", "25 h"}


@pytest.mark.parametrize("stalled", [{"by_lane": False}, {"carriers": {"yuantong": "PT48H"}}])
def test_the_policys_own_word_on_silence_wins(stalled: dict[str, object]) -> None:
    policy = Policy.model_validate({**POLICY.model_dump(mode="json"), "stalled": stalled})
    way = seasoned(Way(policy))
    despatch(way, "SO1", 110)
    way.tell(report("YT-SO1", (hours(112), TrackingStatus.PICKED_UP)), hours(113))
    way.hear(hours(112 + 48) - timedelta(seconds=1))
    assert stalls(way) == []
    way.hear(hours(112 + 48))
    [found] = stalls(way)
    assert found.details["legs"] == ""


def windows(way: Way) -> dict[int, LaneWindow]:
    """What the one lane of a way has learned."""
    [stored] = way.replay.changelog("lanes").values()
    state = read_key(stored).state
    assert state is not None
    return lanes.FORMAT.read(state).windows


@examples(12)
@given(data=st.data())
def test_what_a_lane_learns_does_not_depend_on_order_repetition_partitions_or_interleaving(data: st.DataObject) -> None:
    """I4, I7: documents and reports in any order, told twice, over several partitions, with restarts between."""
    numbers = [f"H{count}" for count in range(3)]
    plain = Way(POLICY)
    for place, number in enumerate(numbers):
        deliver_one(plain, number, 10 * place, 24 + place)
    plain.replay.settle()
    interleaving = data.draw(st.randoms(use_true_random=False), label="interleaving")
    way = Way(POLICY, partitions=data.draw(st.integers(1, 3), label="partitions"), choose=interleaving.randrange)
    steps = data.draw(st.permutations([(number, part) for number in numbers for part in ("documents", "report")] * 2))
    for number, part in steps:
        place = int(number[1:])
        if part == "documents":
            despatch(way, number, 10 * place)
        else:
            way.tell(carried(number, 10 * place, 24 + place), hours(10 * place + 24 + place + 3))
        if data.draw(st.booleans(), label="read and restart"):
            way.replay.settle()
            for stage in way.stages:
                way.replay.restart(stage)
    way.replay.settle()
    assert windows(way) == windows(plain)


@pytest.mark.parametrize(("left", "due"), [(0, 64), (40, 88)])
def test_a_carrier_is_due_when_the_window_closes_or_the_transit_time_of_a_late_departure_ends(
    way: Way, left: int, due: int
) -> None:
    """Promised by the end of Wednesday in Shanghai, 64 hours after the start; two working days on the way."""
    deliver_one(way, "SO1", left, 30)
    way.hear(hours(200))
    leg = parcel(way, "SO1").leg
    assert leg is not None
    assert (leg.promised_by, leg.due_by) == (hours(64), hours(due) + timedelta(hours=2 if left else 0))


def test_an_order_is_at_risk_when_four_in_five_of_its_lane_took_longer_and_says_so(way: Way) -> None:
    """36 hours from the pick-up, where the promise leaves 30."""
    seasoned(way)
    closes = hours(110 + 2 + 30)
    promised = Window(closes=closes, precision=Precision.INSTANT, zone=ZONE)
    despatch(way, "SO1", 110, promised=promised)
    way.tell(report("YT-SO1", (hours(112), TrackingStatus.PICKED_UP)), hours(113))
    way.hear(hours(113.5))
    [risk] = [finding for finding in way.findings() if finding.kind is Kind.AT_RISK]
    assert (risk.details["basis"], risk.details["sample"]) == ("lane", "3")
    [task] = [task for task in way.tasks() if task.kind is Kind.AT_RISK]
    assert "Of the last 3 parcels on this lane four in five" in task.texts["en"].body
