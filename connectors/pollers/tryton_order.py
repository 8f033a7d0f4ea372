"""Which documents of Tryton name an order: the sale of its number, and the shipments in which moves for it stand.

`sale` of a move is a field that Tryton works out and can search by (trytond's module `sale` 8.2, `stock.py`).
"""

from connectors.pollers.tryton_changes import shipment_of
from connectors.pollers.tryton_fields import MOVE, SALE, SHIPMENT
from connectors.pollers.tryton_rest import TrytonRest


async def documents_of_order(rest: TrytonRest, company: int, number: str) -> dict[str, set[int]]:
    """Give their ids by kind, the sale's first; nothing where there is no such sale."""
    found: dict[str, set[int]] = {}
    async for sales in rest.pages(SALE, [["company", "=", company], ["number", "=", number]], ["number"]):
        found.setdefault("order", set()).update(sale["id"] for sale in sales)
    if not found:
        return {}
    serves_it = ["sale", "in", sorted(found["order"])]
    shipped = [["company", "=", company], serves_it, ["shipment", "like", f"{SHIPMENT},%"]]
    async for moves in rest.pages(MOVE, shipped, ["shipment"]):
        for kind, shipment in (parent for move in moves for parent in shipment_of(move)):
            found.setdefault(kind, set()).add(shipment)
    return found
