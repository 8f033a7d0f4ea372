"""Which documents of Tryton name an order: the sale of its number, and the shipments in which moves for it stand.

Goods come back by a sale of their own, whose origin is the order, in returns that serve that sale. What is produced for
an order has a line of it as its origin.

`sale` of a move is a field that Tryton works out and can search by (trytond's module `sale` 8.2, `stock.py`).
"""

from connectors.pollers.tryton_changes import IN_SHIPMENT, shipment_of
from connectors.pollers.tryton_fields import LINE, MOVE, PRODUCTION, SALE
from connectors.pollers.tryton_rest import TrytonRest


async def documents_of_order(rest: TrytonRest, company: int, number: str) -> dict[str, set[int]]:
    """Give their ids by kind, the sale's first; nothing where there is no such sale."""
    found: dict[str, set[int]] = {}
    async for rows in rest.pages(SALE, [["company", "=", company], ["number", "=", number]], ["number"]):
        found.setdefault("order", set()).update(row["id"] for row in rows)
    if not found:
        return {}
    origins = ["origin", "in", [f"{SALE},{sale}" for sale in sorted(found["order"])]]
    sales = set(found["order"])
    async for rows in rest.pages(SALE, [["company", "=", company], origins], ["number"]):
        sales.update(row["id"] for row in rows)
    shipped = [["company", "=", company], ["sale", "in", sorted(sales)], IN_SHIPMENT]
    async for moves in rest.pages(MOVE, shipped, ["shipment"]):
        for kind, shipment in (parent for move in moves for parent in shipment_of(move)):
            found.setdefault(kind, set()).add(shipment)
    return found


async def productions_of_order(rest: TrytonRest, company: int, number: str) -> set[int]:
    """Give the ids of the productions that were asked for by the lines of an order."""
    lines: set[int] = set()
    async for rows in rest.pages(LINE, [["sale.company", "=", company], ["sale.number", "=", number]], ["type"]):
        lines.update(row["id"] for row in rows)
    found: set[int] = set()
    asked = ["origin", "in", [f"{LINE},{line}" for line in sorted(lines)]]
    async for rows in rest.pages(PRODUCTION, [["company", "=", company], asked], ["number"]):
        found.update(row["id"] for row in rows)
    return found
