"""Settings that differ for a customer, a carrier, a lane or a product group are honoured where they apply, alone."""

import pytest

from contracts.acceptance import AcceptedLine, Cause
from contracts.documents import GoodsIssue, IssueLine, Order, OrderLine, Package, Party, Place, Product
from contracts.moment import Window
from contracts.policy import Policy
from contracts.snapshot import Finding, Kind, Role, Severity, Task
from contracts.tracking import TrackingStatus
from tests.streams.receipts import acceptance, line
from tests.streams.way import ERP, START, ZONE, Way, hours, issue, order, pieces, report

WEDNESDAY = Window.of_days(None, hours(48).date(), ZONE)


def policy(**said: object) -> Policy:
    return Policy.model_validate({"pollers": [ERP], "carriers": {"sf": ["shunfeng"]}, **said})


def order_of(*products: str) -> Order:
    """An order of ten of each product, to Bavaria."""
    lines = tuple(
        OrderLine(line=str(place + 1), product=Product(code=code), ordered=pieces(10), promised=WEDNESDAY)
        for place, code in enumerate(products)
    )
    to = Place(country="DE", region="BY", zone="Europe/Berlin")
    return order().model_copy(update={"lines": lines, "destination": to})


def issue_of(quantities: dict[str, int], *packages: Package) -> GoodsIssue:
    """A goods issue of the lines' products in these quantities."""
    lines = tuple(
        IssueLine(
            line=str(place), order="SO1", order_line=str(place), product=Product(code=code), quantity=pieces(count)
        )
        for place, (code, count) in enumerate(quantities.items(), 1)
    )
    return issue(numbers=()).model_copy(update={"lines": lines, "packages": packages})


def of_kind(way: Way, kind: Kind) -> tuple[list[Finding], list[Task]]:
    found = [finding for finding in way.findings() if finding.kind is kind]
    return found, [task for task in way.tasks() if task.kind is kind]


def test_of_two_parcels_of_an_order_each_has_its_carriers_settings() -> None:
    fast = {"when": {"carrier": "sf"}, "stalled": {"silence": "PT6H", "role": "production", "severity": "grave"}}
    way = Way(policy(overrides=[fast]))
    way.tell(order(), START)
    parcels = Package(carrier="Shunfeng", tracking_number="SF1"), Package(carrier="yuantong", tracking_number="YT1")
    way.tell(issue_of({"BRG-6204": 10}, *parcels), hours(1))
    moving = (hours(2), TrackingStatus.IN_TRANSIT)
    way.tell(report("SF1", moving, carrier="shunfeng"), hours(3))
    way.tell(report("YT1", moving, carrier="yuantong"), hours(3))
    way.hear(hours(8))
    [found], [task] = of_kind(way, Kind.STALLED)
    assert (found.subject, found.severity, found.since) == ("SF1", Severity.GRAVE, hours(8))
    assert (task.subject, task.role, task.severity) == ("SF1", Role.PRODUCTION, Severity.GRAVE)


def test_a_task_of_several_lines_calls_as_early_and_as_gravely_as_the_strictest_of_them() -> None:
    bearings = {"due": "PT1H", "role": "production", "severity": "grave", "escalation": []}
    way = Way(
        policy(
            product_groups={"bearings": ["BRG-*"]},
            overrides=[{"when": {"product_group": "bearings"}, "under_despatched": bearings}],
        )
    )
    way.tell(order_of("SEAL-1", "BRG-6204"), START)
    way.tell(issue_of({"SEAL-1": 8, "BRG-6204": 9}), START)
    way.hear(hours(1))
    found, [task] = of_kind(way, Kind.UNDER_DESPATCHED)
    assert {one.subject: one.severity for one in found} == {"SO1/1": Severity.MAJOR, "SO1/2": Severity.GRAVE}
    assert (task.role, task.severity, task.escalates_to) == (Role.PRODUCTION, Severity.GRAVE, None)
    assert task.due_at == task.since + (hours(1) - START)


def test_a_product_group_may_be_left_out_of_a_kind() -> None:
    left_out = {"when": {"product_group": "seals"}, "under_despatched": {"enabled": False}}
    way = Way(policy(product_groups={"seals": ["SEAL-*"]}, overrides=[left_out]))
    way.tell(order_of("SEAL-1", "BRG-6204"), START)
    way.tell(issue_of({"SEAL-1": 8, "BRG-6204": 9}), START)
    way.hear(hours(1))
    [found], [task] = of_kind(way, Kind.UNDER_DESPATCHED)
    assert found.subject == "SO1/2"
    assert "SEAL-1" not in task.details["line"]


def test_a_product_group_may_have_a_tolerance_of_its_own() -> None:
    """One of ten is missing of each; of the seals a tenth may be, of the bearings nothing."""
    own = {"when": {"product_group": "seals", "country": "DE"}, "tolerance": {"under_percent": 10}}
    way = Way(policy(product_groups={"seals": ["SEAL-*"]}, overrides=[own]))
    way.tell(order_of("SEAL-1", "BRG-6204"), START)
    way.tell(issue_of({"SEAL-1": 9, "BRG-6204": 9}), START)
    way.hear(hours(1))
    found, [task] = of_kind(way, Kind.UNDER_DESPATCHED)
    assert {one.subject: one.severity for one in found} == {"SO1/1": Severity.RECORDED, "SO1/2": Severity.MAJOR}
    assert "SEAL-1" not in task.details["line"]


def test_a_lane_may_have_more_grace_than_others() -> None:
    way = Way(policy(overrides=[{"when": {"account": ERP, "country": "DE"}, "late": {"grace": "PT10H"}}]))
    way.tell(order_of("BRG-6204"), START)
    way.tell(order("SO2"), START)
    way.hear(hours(64))
    found, _ = of_kind(way, Kind.LATE)
    assert [one.subject for one in found] == ["SO2"]
    way.hear(hours(74))
    found, _ = of_kind(way, Kind.LATE)
    assert {one.subject: one.since for one in found} == {"SO1": hours(74), "SO2": hours(64)}


def test_a_kind_that_is_off_is_looked_for_where_a_customer_asks_for_it() -> None:
    asked = {"when": {"customer": "C7"}, "late": {"enabled": True}}
    way = Way(policy(late={"enabled": False}, overrides=[asked]))
    way.tell(order("SO1"), START)
    way.tell(order("SO2").model_copy(update={"customer": Party(id="C8")}), START)
    way.hear(hours(64))
    found, _ = of_kind(way, Kind.LATE)
    assert [one.subject for one in found] == ["SO1"]


def test_an_override_counts_in_the_customers_own_working_time() -> None:
    """Thursday, midnight in Shanghai: a customer who works nights is to be served by four."""
    nights = {"country": "", "zone": ZONE, "hours": ["00:00-06:00", "22:00-24:00"]}
    theirs = {"when": {"customer": "C7"}, "calendar": "nights", "late": {"counts": "working_hours"}}
    way = Way(policy(calendars={"nights": nights}, overrides=[theirs]))
    way.tell(order("SO1"), START)
    way.hear(hours(64))
    _, [task] = of_kind(way, Kind.LATE)
    assert (task.due_at, task.escalates_at) == (
        hours(68),
        hours(64 + 120),
    )  # Thursday, Friday and Monday, eight hours each


GRAVE_FOR_BEARINGS = {"bearings": ["BRG-*"]}


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (Kind.DAMAGED, [line(10, damaged=1), line(10, damaged=1, order_line="2")]),
        (
            Kind.REJECTED_QUALITY,
            [line(10, rejected=1, cause=Cause.QUALITY), line(10, rejected=1, order_line="2", cause=Cause.QUALITY)],
        ),
    ],
)
def test_what_was_received_is_judged_by_the_settings_of_its_own_product(kind: Kind, told: list[AcceptedLine]) -> None:
    graver = {"when": {"product_group": "bearings"}, str(kind): {"severity": "grave"}}
    way = Way(policy(product_groups=GRAVE_FOR_BEARINGS, overrides=[graver]))
    way.tell(order_of("SEAL-1", "BRG-6204"), START)
    way.tell(issue_of({"SEAL-1": 10, "BRG-6204": 10}), hours(1))
    way.tell(acceptance(*told), hours(32))
    way.hear(hours(33))
    found, _ = of_kind(way, kind)
    severities = {one.subject: one.severity for one in found}
    assert severities.pop("SO1/2") is Severity.GRAVE
    assert severities.keys() == {"SO1/1"}
    assert Severity.GRAVE not in severities.values()


def test_what_is_not_picked_calls_as_gravely_as_its_own_product_asks() -> None:
    graver = {"when": {"product_group": "bearings"}, "release_late": {"severity": "grave"}}
    way = Way(policy(product_groups=GRAVE_FOR_BEARINGS, overrides=[graver]))
    way.tell(order_of("SEAL-1", "BRG-6204"), START)
    way.hear(hours(9))
    found, _ = of_kind(way, Kind.RELEASE_LATE)
    severities = {one.subject: one.severity for one in found}
    assert severities["SO1/2"] is Severity.GRAVE
    assert severities["SO1/1"] is not Severity.GRAVE


def test_a_contradiction_calls_as_its_own_carrier_asks() -> None:
    own = {"when": {"carrier": "sf"}, "contradiction": {"severity": "grave", "role": "production"}}
    way = Way(policy(overrides=[own]))
    way.tell(order(), START)
    parcels = Package(carrier="Shunfeng", tracking_number="SF1"), Package(carrier="yuantong", tracking_number="YT1")
    way.tell(issue_of({"BRG-6204": 10}, *parcels), hours(1))
    ahead = (hours(12), TrackingStatus.IN_TRANSIT)
    way.tell(report("SF1", ahead, carrier="shunfeng"), hours(3))
    way.tell(report("YT1", ahead, carrier="yuantong"), hours(3))
    way.hear(hours(4))
    found, tasks = of_kind(way, Kind.CONTRADICTION)
    assert {one.subject: one.severity is Severity.GRAVE for one in found} == {"SF1": True, "YT1": False}
    assert {one.subject: one.role is Role.PRODUCTION for one in tasks} == {"SF1": True, "YT1": False}


def test_who_is_called_for_several_lines_is_whom_the_soonest_of_them_calls() -> None:
    """Whatever the roles are called."""
    slow = {"when": {"product_group": "seals"}, "under_despatched": {"role": "logistics", "due": "PT9H"}}
    way = Way(policy(product_groups={"seals": ["SEAL-*"]}, overrides=[slow]))
    way.tell(order_of("SEAL-1", "BRG-6204"), START)
    way.tell(issue_of({"SEAL-1": 8, "BRG-6204": 9}), START)
    way.hear(hours(1))
    _, [task] = of_kind(way, Kind.UNDER_DESPATCHED)
    assert (task.role, task.due_at - task.since) == (Role.SALES, hours(4) - START)
