"""An order as a record: the delivery's status in its properties.

Source: https://developers.hubspot.com/docs/api-reference/latest/crm/objects/orders/guide
"""

from dataclasses import dataclass

from connectors.targets.hubspot.api import Crm, Json
from connectors.targets.hubspot.orders import ORDERS, Orders
from contracts.connector import Record, Writing
from mappings.tickets import hubspot as mapping

PREFIX = f"{ORDERS}/"


@dataclass(frozen=True, slots=True)
class OrderRecords:
    """Reads and writes orders. owned: the properties that we write at every update."""

    crm: Crm
    orders: Orders
    options: mapping.HubSpotOptions
    owned: tuple[str, ...]

    async def of_key(self, key: str) -> Record | None:
        """Read the order of a status key; None where there is none, or it was never written by us."""
        found = await self._read(self.options.order_id(key), self.options.order_property)
        return found if found is not None and found.key == key else None

    async def read(self, record_id: str) -> Record | None:
        """Read an order; None where there is none."""
        return await self._read(record_id.removeprefix(PREFIX), "")

    async def upsert(self, writing: Writing) -> tuple[Record, Json]:
        """Write an order, whether it is there or not; give it, and what HubSpot answered."""
        keys = {mapping.KEY: writing.key, mapping.EPISODE: writing.idempotency_key}
        found = await self.orders.upsert(self.options.order_id(writing.key), {**writing.fields, **keys})
        return self._record(found), found

    async def _read(self, number: str, id_property: str) -> Record | None:
        asked = (*self.owned, mapping.KEY, mapping.EPISODE, self.options.order_property)
        found = await self.crm.read(ORDERS, number, asked, id_property=id_property)
        return None if found is None else self._record(found)

    def _record(self, found: Json) -> Record:
        values = {name: str(value) for name, value in found["properties"].items() if value is not None}
        return Record(
            f"{PREFIX}{found['id']}",
            is_open=True,
            version=str(found.get("updatedAt", "")),
            fields={name: values.get(name, "") for name in self.owned},
            key=values.get(mapping.KEY, ""),
            idempotency_key=values.get(mapping.EPISODE, ""),
        )
