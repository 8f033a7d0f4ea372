"""The real Tryton answers, and does what the rest of these tests rests on."""

from datetime import UTC, datetime, timedelta

import httpx

from tests.systems.tryton.running import Tryton

PROMISED = datetime.now(UTC).date() + timedelta(days=5)


def test_the_integration_user_reads_a_sale_over_rest(tryton: Tryton) -> None:
    sale = tryton.clerk.sell({"SN-516": 10}, PROMISED, reference="PO-1")
    answer = httpx.get(
        f"{tryton.url}/{tryton.database}/rest/model/sale.sale/{sale.id}",
        params={"f": ["number", "reference", "lines.quantity"]},
        headers={"Authorization": f"Bearer {tryton.key}"},
    )
    assert answer.status_code == 200
    assert answer.json()["reference"] == "PO-1"
    assert [line["quantity"] for line in answer.json()["lines"]] == [10.0]


def test_eight_of_ten_leave_and_two_become_a_back_order(tryton: Tryton) -> None:
    clerk = tryton.clerk
    sale = clerk.sell({"SN-516": 10}, PROMISED)
    clerk.ship(sale, "ZTO", "ZT7712345678901", {"SN-516": 8})
    quantities = [(shipment.state, shipment.moves[0].quantity) for shipment in clerk.shipments(sale)]
    assert quantities == [("done", 8.0), ("waiting", 2.0)]
    assert clerk.sale(sale.id).shipment_state == "partially shipped"


def test_a_cancelled_back_order_is_an_exception_until_someone_accepts_the_shortage(tryton: Tryton) -> None:
    clerk = tryton.clerk
    sale = clerk.sell({"SN-516": 10}, PROMISED)
    clerk.ship(sale, "ZTO", "ZT7712345678902", {"SN-516": 8})
    clerk.cancel_shipment(clerk.waiting_shipment(sale))
    assert clerk.sale(sale.id).shipment_state == "exception"
    assert clerk.accept_the_shortage(sale).shipment_state == "sent"


def test_a_cancelled_back_order_can_be_asked_for_again(tryton: Tryton) -> None:
    clerk = tryton.clerk
    sale = clerk.sell({"SN-516": 10}, PROMISED)
    clerk.ship(sale, "ZTO", "ZT7712345678903", {"SN-516": 8})
    clerk.cancel_shipment(clerk.waiting_shipment(sale))
    assert clerk.ship_what_was_cancelled(sale).shipment_state == "partially shipped"
    assert clerk.waiting_shipment(sale).moves[0].quantity == 2.0


def test_the_two_that_are_missing_stand_nowhere_until_the_eight_are_shipped(tryton: Tryton) -> None:
    clerk = tryton.clerk
    sale = clerk.sell({"SN-516": 10}, PROMISED)
    picked = clerk.pick(clerk.waiting_shipment(sale), {"SN-516": 8})
    assert [shipment.moves[0].quantity for shipment in clerk.shipments(sale)] == [8.0]
    clerk.hand_over(picked, "ZTO", "ZT7712345678904")
    assert [shipment.moves[0].quantity for shipment in clerk.shipments(sale)] == [8.0, 2.0]


def test_neither_an_edited_nor_a_deleted_move_touches_its_shipment(tryton: Tryton) -> None:
    clerk = tryton.clerk
    sale = clerk.sell({"SN-516": 10, "GS-204": 1}, PROMISED)
    shipment = clerk.waiting_shipment(sale)

    def changed() -> object:
        return clerk.rest.read("stock.shipment.out", shipment.id, "write_date", "create_date")

    before = changed()
    clerk.change_quantity(shipment.moves[0], 7)
    clerk.delete_move(shipment.moves[1])
    assert [move.quantity for move in clerk.shipment(shipment.id).moves] == [7.0]
    assert changed() == before


def test_a_deleted_shipment_comes_back_under_another_number(tryton: Tryton) -> None:
    clerk = tryton.clerk
    sale = clerk.sell({"GS-204": 3}, PROMISED)
    first = clerk.waiting_shipment(sale)
    clerk.delete_shipment(first)
    second = clerk.waiting_shipment(sale)
    assert second.id != first.id
    assert second.number != first.number


def test_packages_carry_their_own_tracking_numbers(tryton: Tryton) -> None:
    clerk = tryton.clerk
    sale = clerk.sell({"GS-204": 3, "HC-080": 1}, PROMISED, customer="C-1002")
    picked = clerk.pick(clerk.waiting_shipment(sale))
    shafts, cylinder = picked.moves
    clerk.put_in_packages(picked, {"SF1000000000011": [shafts], "SF1000000000012": [cylinder]})
    clerk.hand_over(picked, "SF", "SF1000000000010")
    packages = clerk.rest.find(
        "stock.package", ["shipment.id", "=", picked.id, "stock.shipment.out"], fields=("shipping_reference",)
    )
    assert {package["shipping_reference"] for package in packages} == {"SF1000000000011", "SF1000000000012"}


def test_it_can_be_stopped_and_started_again_on_the_same_data(tryton: Tryton) -> None:
    sale = tryton.clerk.sell({"ST-012": 12.5}, PROMISED)
    tryton.server.stop()
    tryton.server.start()
    assert tryton.clerk.sale(sale.id) == sale
