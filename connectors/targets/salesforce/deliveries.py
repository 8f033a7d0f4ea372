"""The delivery's status in records of a custom object, upserted by an external id.

Source: https://developer.salesforce.com/docs/platform/api-rest/guide/dome-upsert.html
"""

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.targets.salesforce.rest import Json, Salesforce
from contracts.connector import Record, Writing
from contracts.errors import Rejected
from mappings.tickets import salesforce as mapping

PREFIX = "deliveries/"


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Reads and writes them. owned: the fields that we write at every update."""

    salesforce: Salesforce
    options: mapping.SalesforceOptions
    owned: tuple[str, ...]

    async def of_key(self, key: str) -> Record | None:
        """Read the record of a status key; None where there is none, or it was never written by us."""
        found = await self._read(self.options.delivery_field, self.options.delivery_id(key))
        return found if found is not None and found.key == key else None

    async def read(self, record_id: str) -> Record | None:
        """Read a record; None where there is none."""
        return await self._read("Id", record_id.removeprefix(PREFIX))

    async def upsert(self, writing: Writing) -> tuple[Record, Mapping[str, str]]:
        """Write a record, whether it is there or not; give it as it stands, and what it must hold."""
        field, value = self.options.delivery_field, self.options.delivery_id(writing.key)
        keys = {mapping.KEY: writing.key, mapping.EPISODE: writing.idempotency_key}
        written = {name: text for name, text in {**writing.fields, **keys}.items() if name != field}
        await self.salesforce.upsert(self.options.delivery_object, field, value, mapping.values(written))
        found = await self._read(field, value)
        if found is None:
            raise Rejected(f"the delivery of {value} no longer exists", code="gone")
        return found, {name: text for name, text in writing.fields.items() if name != field}

    async def _read(self, field: str, value: str) -> Record | None:
        always = "Id", "LastModifiedDate", mapping.KEY, mapping.EPISODE
        names = ", ".join(dict.fromkeys((*always, *self.owned)))
        asked = f"SELECT {names} FROM {self.options.delivery_object}"  # noqa: S608  names that `mapping.check` has seen
        page = await self.salesforce.query(f"{asked} WHERE {field} = '{_quoted(value)}'")
        return self._record(page.rows[0]) if page.rows else None

    def _record(self, row: Json) -> Record:
        keys = mapping.texts(row, (mapping.KEY, mapping.EPISODE))
        return Record(
            f"{PREFIX}{row['Id']}",
            is_open=True,
            version=str(row["LastModifiedDate"]),
            fields=mapping.texts(row, self.owned),
            key=keys[mapping.KEY],
            idempotency_key=keys[mapping.EPISODE],
        )


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")
