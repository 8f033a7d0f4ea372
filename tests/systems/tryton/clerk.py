"""What people in sales and in the warehouse do in Tryton, one method for each thing they do."""

from dataclasses import dataclass
from datetime import date

from tests.systems.tryton.rest import Rest, Row, added, created, day, decimal

SHIPMENT = "stock.shipment.out"
RETURN = "stock.shipment.out.return"
PRODUCTION = "production"
COMPLAINT = "sale.complaint"
COMPLAINED = date(2026, 11, 3)


@dataclass(frozen=True)
class Move:
    """A row of a shipment: `quantity` in the unit of its product, on its way to the customer."""

    id: int
    product: str
    quantity: float
    state: str


@dataclass(frozen=True)
class Shipment:
    """A customer shipment (in Quayside's words a goods issue) with the moves that leave for the customer."""

    id: int
    number: str | None
    state: str
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class Sale:
    """A sale: `shipment_state` is one of none, waiting, partially shipped, sent, exception."""

    id: int
    number: str
    state: str
    shipment_state: str


@dataclass(frozen=True)
class Production:
    """What is produced for a line of a sale."""

    id: int
    number: str
    state: str
    sale_line: int


class Clerk:
    """People at Yangtze Gear Works. `company` is what `company.py` opened: its ids by code.

    Raises:
        Refused: by every method, when Tryton does not let a person do this now.
    """

    def __init__(self, rest: Rest, company: Row) -> None:
        self.rest = rest
        self._company = company
        rest.act_for(company["company"])

    # Sales

    def quote(
        self,
        quantities: dict[str, float],
        promised: date | None,
        *,
        customer: str = "C-1001",
        reference: str = "",
        ordered: date | None = None,
    ) -> Sale:
        """A quotation for products by code; `reference` is the customer's own order number."""
        party = self._company["customers"][customer]
        sale = self.rest.create(
            "sale.sale",
            company=self._company["company"],
            currency=self._company["currency"],
            warehouse=self._company["warehouse"],
            payment_term=self._company["payment_term"],
            party=party["party"],
            invoice_address=party["address"],
            shipment_address=party["address"],
            invoice_method="manual",
            shipment_method="order",
            reference=reference,
            sale_date=ordered and day(ordered),
            shipping_date=promised and day(promised),
            lines=created(*(self._line(code, quantity) for code, quantity in quantities.items())),
        )
        self.rest.press("sale.sale", sale, "quote")
        return self.sale(sale)

    def sell(
        self,
        quantities: dict[str, float],
        promised: date | None,
        *,
        customer: str = "C-1001",
        reference: str = "",
        ordered: date | None = None,
    ) -> Sale:
        """A confirmed sale that is being processed: its first shipment waits in the warehouse."""
        sale = self.quote(quantities, promised, customer=customer, reference=reference, ordered=ordered)
        return self.confirm(sale)

    def confirm(self, sale: Sale) -> Sale:
        self.rest.press("sale.sale", sale.id, "confirm")
        self.rest.press("sale.sale", sale.id, "process")
        return self.sale(sale.id)

    def take_up_again(self, sale: Sale) -> None:
        """Make a quotation a draft, which keeps its number: now its lines may be edited."""
        self.rest.press("sale.sale", sale.id, "draft")

    def cancel_quotation(self, sale: Sale) -> None:
        self.rest.press("sale.sale", sale.id, "cancel")

    def delete_sale(self, sale: Sale) -> None:
        """Delete a sale that was cancelled."""
        self.rest.delete("sale.sale", sale.id)

    def sale(self, number: int) -> Sale:
        """The sale with this id, as it stands now."""
        row = self.rest.read("sale.sale", number, "number", "state", "shipment_state")
        return Sale(number, row["number"], row["state"], row["shipment_state"])

    def accept_the_shortage(self, sale: Sale) -> Sale:
        """After a back-order was cancelled: say that nothing more will be shipped."""
        return self._settle(sale, "moves_ignored")

    def ship_what_was_cancelled(self, sale: Sale) -> Sale:
        """After a back-order was cancelled: ask for it again. One more shipment waits."""
        return self._settle(sale, "moves_recreated")

    def _settle(self, sale: Sale, decision: str) -> Sale:
        fields = ("lines.moves.state", "lines.moves_ignored.id", "lines.moves_recreated.id")
        for line in self.rest.read("sale.sale", sale.id, *fields)["lines"]:
            settled = {move["id"] for move in line["moves_ignored"] + line["moves_recreated"]}
            cancelled = {move["id"] for move in line["moves"] if move["state"] == "cancelled"}
            self.rest.write("sale.line", line["id"], **{decision: added(*sorted(cancelled - settled))})
        self.rest.press("sale.sale", sale.id, "process")
        return self.sale(sale.id)

    def change_ordered(self, sale: Sale, quantity: float) -> None:
        """Edit the one line of a draft where it stands; the sale is not touched by that."""
        [line] = self.rest.read("sale.sale", sale.id, "lines.id")["lines"]
        self.rest.write("sale.line", line["id"], quantity=quantity)

    def take_back(self, sale: Sale, quantities: dict[str, float]) -> Sale:
        """Agree that a customer sends goods back: what the wizard "Return Sale" makes, of some of the lines."""
        party = self._company["customers"]["C-1001"]
        number = self.rest.create(
            "sale.sale",
            company=self._company["company"],
            currency=self._company["currency"],
            warehouse=self._company["warehouse"],
            payment_term=self._company["payment_term"],
            party=party["party"],
            invoice_address=party["address"],
            shipment_address=party["address"],
            invoice_method="manual",
            shipment_method="order",
            origin=f"sale.sale,{sale.id}",
            lines=created(*(self._line(code, -quantity) for code, quantity in quantities.items())),
        )
        self.rest.press("sale.sale", number, "quote")
        return self.confirm(self.sale(number))

    # The works

    def produce(self, sale: Sale) -> Production:
        """Begin what a sale asked for."""
        fields = ("lines.productions.id",)
        [line] = self.rest.read("sale.sale", sale.id, *fields)["lines"]
        [row] = line["productions"]
        for button in ("draft", "wait", "assign_try", "run"):
            self.rest.press(PRODUCTION, row["id"], button)
        return self._production(row["id"], line["id"])

    def finish_production(self, production: Production) -> Production:
        """Hand what was produced over to the warehouse."""
        self.rest.press(PRODUCTION, production.id, "do")
        return self._production(production.id, production.sale_line)

    def _production(self, number: int, sale_line: int) -> Production:
        row = self.rest.read(PRODUCTION, number, "number", "state")
        return Production(number, row["number"], row["state"], sale_line)

    # Complaints

    def complain(self, sale: Sale, text: str, customer: str = "C-1001") -> Row:
        """Note down that a customer complains about a sale."""
        party = self._company["customers"][customer]["party"]
        number = self.rest.create(
            COMPLAINT,
            company=self._company["company"],
            customer=party,
            type=self._company["complaint_type"],
            origin=f"sale.sale,{sale.id}",
            description=text,
        )
        return self.complaint(number)

    def complaint(self, number: int) -> Row:
        """The complaint with this id, as it stands now."""
        fields = ("number", "reference", "state", "date", "origin", "customer.code", "type.name", "description")
        return self.rest.read(COMPLAINT, number, *fields)

    def submit_complaint(self, number: int) -> None:
        self.rest.press(COMPLAINT, number, "wait")

    def decide_complaint(self, number: int, button: str) -> None:
        """Submit a complaint and decide it: `approve` or `reject`."""
        self.submit_complaint(number)
        self.rest.press(COMPLAINT, number, button)

    def draft_complaint(self, number: int) -> None:
        """Take a complaint up again."""
        self.rest.press(COMPLAINT, number, "draft")

    def cancel_complaint(self, number: int) -> None:
        self.rest.press(COMPLAINT, number, "cancel")

    def delete_complaint(self, number: int) -> None:
        self.rest.delete(COMPLAINT, number)

    def date_complaint(self, number: int) -> None:
        self.rest.write(COMPLAINT, number, date=day(COMPLAINED))

    def is_complaint_dated(self, number: int) -> bool:
        return bool(self.complaint(number)["date"] == day(COMPLAINED))

    def say_on_complaint(self, number: int, text: str) -> None:
        self.rest.create("ir.note", resource=f"{COMPLAINT},{number}", message=text)

    def said_on_complaint(self, number: int) -> list[str]:
        """All notes on a complaint, the oldest first."""
        rows = self.rest.find("ir.note", ["resource", "=", f"{COMPLAINT},{number}"], fields=("message",))
        return [row["message"] for row in sorted(rows, key=lambda row: row["id"])]

    # The warehouse

    def customer_return(self, taken_back: Sale) -> Shipment:
        """The one return by which the goods of such a sale come back."""
        [row] = self.rest.read("sale.sale", taken_back.id, "shipment_returns.id")["shipment_returns"]
        return self._returned(row["id"])

    def receive(self, returned: Shipment) -> Shipment:
        """Take the goods of a return in."""
        self.rest.press(RETURN, returned.id, "receive")
        return self._returned(returned.id)

    def cancel_return(self, returned: Shipment) -> Shipment:
        """Say that the goods will not come."""
        self.rest.press(RETURN, returned.id, "cancel")
        return self._returned(returned.id)

    def _returned(self, number: int) -> Shipment:
        moves = "incoming_moves"
        fields = ("number", "state", f"{moves}.product.code", f"{moves}.quantity", f"{moves}.state")
        row = self.rest.read(RETURN, number, *fields)
        coming = (Move(move["id"], move["product"]["code"], move["quantity"], move["state"]) for move in row[moves])
        return Shipment(number, row["number"], row["state"], tuple(coming))

    def shipments(self, sale: Sale) -> list[Shipment]:
        """The sale's shipments, the oldest first; a back-order is one more."""
        rows = self.rest.read("sale.sale", sale.id, "shipments.id")["shipments"]
        return [self.shipment(row["id"]) for row in sorted(rows, key=lambda row: row["id"])]

    def shipment(self, number: int) -> Shipment:
        """The shipment with this id, as it stands now."""
        moves = "outgoing_moves"
        fields = ("number", "state", f"{moves}.product.code", f"{moves}.quantity", f"{moves}.state")
        row = self.rest.read(SHIPMENT, number, *fields)
        leaving = (Move(move["id"], move["product"]["code"], move["quantity"], move["state"]) for move in row[moves])
        return Shipment(number, row["number"], row["state"], tuple(leaving))

    def pick(self, shipment: Shipment, quantities: dict[str, float] | None = None) -> Shipment:
        """Take the goods from the shelves: all, or of some products fewer. What is missing is back-ordered."""
        fields = ("inventory_moves.product.code", "inventory_moves.quantity")
        for move in self.rest.read(SHIPMENT, shipment.id, *fields)["inventory_moves"]:
            quantity = (quantities or {}).get(move["product"]["code"], move["quantity"])
            if quantity != move["quantity"]:
                self.rest.write("stock.move", move["id"], quantity=quantity)
        self.rest.press(SHIPMENT, shipment.id, "assign_try")
        self.rest.press(SHIPMENT, shipment.id, "pick")
        return self.shipment(shipment.id)

    def hand_over(self, shipment: Shipment, carrier: str, tracking_number: str | None) -> Shipment:
        """Pack a picked shipment, give it to the carrier (`ship`); the back-order appears now."""
        self.set_tracking(shipment, carrier, tracking_number)
        self.rest.press(SHIPMENT, shipment.id, "pack")
        self.rest.press(SHIPMENT, shipment.id, "ship")
        return self.shipment(shipment.id)

    def finish(self, shipment: Shipment) -> Shipment:
        """Post the goods issue of a shipment that was handed over: its moves are done."""
        self.rest.press(SHIPMENT, shipment.id, "do")
        return self.shipment(shipment.id)

    def ship(
        self,
        sale: Sale,
        carrier: str,
        tracking_number: str | None,
        quantities: dict[str, float] | None = None,
    ) -> Shipment:
        """Pick, pack, hand over and post the sale's one waiting shipment, all of it or `quantities` of it."""
        waiting = self.waiting_shipment(sale)
        picked = self.pick(waiting, quantities)
        return self.finish(self.hand_over(picked, carrier, tracking_number))

    def waiting_shipment(self, sale: Sale) -> Shipment:
        """The one shipment of the sale that waits to be picked: the first, or the back-order."""
        waiting = [shipment for shipment in self.shipments(sale) if shipment.state == "waiting"]
        if len(waiting) != 1:
            raise AssertionError(f"{sale.number} has {len(waiting)} waiting shipments, not one")
        return waiting[0]

    def set_tracking(self, shipment: Shipment, carrier: str | None, tracking_number: str | None) -> None:
        """Note carrier (by code) and tracking number on the shipment; possible until it is done, and after."""
        chosen = self._company["carriers"][carrier] if carrier else None
        self.rest.write(SHIPMENT, shipment.id, carrier=chosen, shipping_reference=tracking_number)

    def put_in_packages(self, shipment: Shipment, contents: dict[str, list[Move]]) -> None:
        """Put the moves of a picked shipment into packages, one for each tracking number."""
        for tracking_number, moves in contents.items():
            self.rest.create(
                "stock.package",
                company=self._company["company"],
                type=self._company["package_type"],
                shipment=f"{SHIPMENT},{shipment.id}",
                shipping_reference=tracking_number,
                moves=added(*(move.id for move in moves)),
            )

    def change_tracking_of_package(self, shipment: Shipment, tracking_number: str) -> None:
        """Edit the one package of a shipment where it stands; the shipment is not touched by that."""
        [package] = self.rest.read(SHIPMENT, shipment.id, "packages.id")["packages"]
        self.rest.write("stock.package", package["id"], shipping_reference=tracking_number)

    def cancel_shipment(self, shipment: Shipment) -> Shipment:
        """Cancel a shipment, for instance a back-order. Its sale's shipment_state becomes exception."""
        self.rest.press(SHIPMENT, shipment.id, "cancel")
        return self.shipment(shipment.id)

    def delete_shipment(self, shipment: Shipment) -> None:
        """Delete a waiting shipment by way of draft. Tryton makes a new one for the sale at once."""
        self.rest.press(SHIPMENT, shipment.id, "draft")
        self.rest.delete(SHIPMENT, shipment.id)

    def change_quantity(self, move: Move, quantity: float) -> None:
        """Edit a move where it stands; neither shipment nor sale is touched by that."""
        self.rest.write("stock.move", move.id, quantity=quantity)

    def delete_move(self, move: Move) -> None:
        """Delete a move of a waiting shipment. Tryton makes a new shipment for it; the old one is not touched."""
        self.rest.delete("stock.move", move.id)

    def _line(self, code: str, quantity: float) -> Row:
        product = self._company["products"][code]
        return {
            "product": product["id"],
            "quantity": quantity,
            "unit": product["unit"],
            "unit_price": decimal(product["price"]),
        }
