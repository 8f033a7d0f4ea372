"""How goods travel is shown as the goods issue tells it."""

from contracts.documents import IssueState, Package, Transport
from contracts.snapshot import ShipmentView
from tests.streams.way import START, Way, hours, issue, order


def shown(way: Way) -> tuple[ShipmentView, ...]:
    view = way.order().view
    assert view is not None
    return view.shipments


def test_mode_vehicle_container_seals_gate_pass_and_marks_are_shown() -> None:
    transport = Transport(
        mode="3", vehicle="B-QS 7", driver="Wang Lei", container="MSKU1234565", seals=("S1", "S2"), gate_pass="GP-7"
    )
    packages = Package(mark="NORDWERK 1/2", tracking_number="YT1"), Package(mark="NORDWERK 2/2"), Package()
    way = Way()
    way.tell(order(), START)
    way.tell(issue().model_copy(update={"transport": transport, "packages": packages}), hours(1))
    way.hear(hours(2))
    assert shown(way) == (
        ShipmentView(
            document="GI1",
            mode="3",
            vehicle="B-QS 7",
            driver="Wang Lei",
            container="MSKU1234565",
            seals=("S1", "S2"),
            gate_pass="GP-7",
            marks=("NORDWERK 1/2", "NORDWERK 2/2"),
        ),
    )


def test_what_tells_nothing_of_its_transport_or_was_cancelled_is_not_shown() -> None:
    way = Way()
    way.tell(order(), START)
    way.tell(issue("GI1", {"SO1": 5}), hours(1))
    cancelled = issue("GI2", {"SO1": 5}, numbers=(), state=IssueState.CANCELLED)
    way.tell(cancelled.model_copy(update={"transport": Transport(vehicle="B-QS 7")}), hours(1))
    way.hear(hours(2))
    assert shown(way) == ()


def test_a_line_shows_the_specification_of_its_product() -> None:
    told = order()
    [line] = told.lines
    product = line.product.model_copy(update={"specification": "20x47x14, C3"})
    way = Way()
    way.tell(told.model_copy(update={"lines": (line.model_copy(update={"product": product}),)}), START)
    way.hear(hours(1))
    view = way.order().view
    assert view is not None
    assert view.lines[0].specification == "20x47x14, C3"
