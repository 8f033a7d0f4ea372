"""Whole documents of Odoo: an order with its lines, a picking with its moves, and the records that they name."""

from collections.abc import Collection, Iterable, Sequence

from connectors.pollers.odoo_api import OdooApi, Row, by_ids, pages, search_read
from connectors.pollers.odoo_fields import (
    LOOKED_UP,
    MOVE,
    MOVE_FIELDS,
    PARTNER,
    PICKING,
    PICKING_FIELDS,
    PICKING_OPTIONAL,
    PRODUCT,
    SALE,
    SALE_FIELDS,
    SALE_LINE,
    SALE_LINE_FIELDS,
    SALE_OPTIONAL,
    STATE,
    UNIT,
    UNIT_OF_LINE,
    Kind,
    there,
)


class Records:
    """Reads documents, at most so many at once as one request may name. What they name is read once a session."""

    def __init__(self, api: OdooApi) -> None:
        """Take the API."""
        self._api = api
        self._fields: dict[str, frozenset[str]] = {}
        self._known: dict[tuple[str, int], Row] = {}

    async def read(self, kind: Kind, ids: Collection[int]) -> list[Row]:
        """Read the documents of a kind with these ids; those that are not there, or of another kind, are left out."""
        domain = [["id", "in", sorted(ids)], *kind.domain]
        if kind.model == SALE:
            return await self._orders(domain, len(ids))
        return await self._pickings(domain, len(ids))

    async def _orders(self, domain: Sequence[object], limit: int) -> list[Row]:
        fields = (*SALE_FIELDS, *there(SALE_OPTIONAL, await self._existing(SALE, SALE_OPTIONAL)))
        orders = await search_read(self._api, SALE, domain, fields, limit)
        unit = there(UNIT_OF_LINE, await self._existing(SALE_LINE, UNIT_OF_LINE))[0]
        lines = await self._children(SALE_LINE, "order_id", orders, (*SALE_LINE_FIELDS, unit))
        await self._look_up(PARTNER, orders, ("partner_id", "partner_shipping_id"))
        await self._look_up(PRODUCT, lines, ("product_id",))
        await self._look_up(UNIT, lines, (unit,))
        for order in orders:
            order["partner_id"] = self._named(PARTNER, order["partner_id"])
            order["partner_shipping_id"] = self._named(PARTNER, order["partner_shipping_id"])
            order["order_line"] = [
                {
                    **line,
                    "order_id": line["order_id"][0],
                    "product_id": self._named(PRODUCT, line["product_id"]),
                    "product_uom": self._named(UNIT, line.pop(unit)),
                }
                for line in lines
                if line["order_id"][0] == order["id"]
            ]
        return orders

    async def _pickings(self, domain: Sequence[object], limit: int) -> list[Row]:
        fields = (*PICKING_FIELDS, *there(PICKING_OPTIONAL, await self._existing(PICKING, PICKING_OPTIONAL)))
        pickings = await search_read(self._api, PICKING, domain, fields, limit)
        moves = await self._children(MOVE, "picking_id", pickings, MOVE_FIELDS)
        await self._look_up(PRODUCT, moves, ("product_id",))
        await self._look_up(UNIT, moves, ("product_uom",))
        orders = await self._orders_of_lines(moves)
        for picking in pickings:
            for named in there(("carrier_id", "return_id"), frozenset(picking)):
                picking[named] = _pair(picking[named])
            picking["move_ids"] = [
                {
                    **move,
                    "picking_id": move["picking_id"][0],
                    "product_id": self._named(PRODUCT, move["product_id"]),
                    "product_uom": self._named(UNIT, move["product_uom"]),
                    "sale_line_id": orders.get(move["sale_line_id"][0], False) if move["sale_line_id"] else False,
                }
                for move in moves
                if move["picking_id"][0] == picking["id"]
            ]
        return pickings

    async def _children(self, model: str, parent: str, rows: Sequence[Row], fields: Iterable[str]) -> list[Row]:
        if not rows:
            return []
        domain = [[parent, "in", [row["id"] for row in rows]]]
        return [child async for page in pages(self._api, model, domain, tuple(fields)) for child in page]

    async def _orders_of_lines(self, moves: Sequence[Row]) -> dict[int, Row]:
        """Say of each sale's line that moves serve of which order it is; what the user may not see is left out."""
        wanted = {move["sale_line_id"][0] for move in moves if move["sale_line_id"]}
        lines = by_ids(self._api, SALE_LINE, wanted, ("order_id",))
        return {row["id"]: {"id": row["id"], "order": row["order_id"][1]} async for row in lines}

    async def _look_up(self, model: str, rows: Sequence[Row], fields: Iterable[str]) -> None:
        named = {row[field][0] for row in rows for field in fields if row[field]}
        wanted = [number for number in named if (model, number) not in self._known]
        found = [row async for row in by_ids(self._api, model, wanted, LOOKED_UP[model])]
        if model == PARTNER:
            await self._look_up(STATE, found, ("state_id",))
        for row in found:
            if model == PARTNER:
                row["state_id"] = self._named(STATE, row["state_id"])
            self._known[model, row["id"]] = row

    def _named(self, model: str, value: object) -> Row | bool:
        """Give the record behind a many2one; one that vanished since is as good as none."""
        return self._known.get((model, value[0]), False) if isinstance(value, list) else False

    async def _existing(self, model: str, fields: Sequence[str]) -> frozenset[str]:
        """Say which of the fields a model has."""
        if model not in self._fields:
            told = await self._api.call(model, "fields_get", allfields=list(fields), attributes=["type"])
            self._fields[model] = frozenset(told)
        return self._fields[model]


def _pair(value: object) -> Row | bool:
    return {"id": value[0], "name": value[1]} if isinstance(value, list) else False
