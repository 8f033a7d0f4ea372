"""Writing tickets and orders to HubSpot, and reading what people did there."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, timedelta

from connectors.targets.hubspot.api import AT_ONCE, Crm, Json
from connectors.targets.hubspot.order_records import PREFIX, OrderRecords
from connectors.targets.hubspot.orders import Orders
from connectors.targets.hubspot.places import TICKETS, Places
from connectors.targets.hubspot.tickets import MERGED, Tickets
from contracts.connector import Record, Writing
from contracts.errors import QuaysideError, Rejected
from contracts.record_keys import RecordSort, sort_of
from contracts.settings import TargetAccount
from mappings.tickets import hubspot as mapping

SEARCH_LAG = timedelta(minutes=5)
"""How far a search may lag behind what was written: no page gives a number, only "a few moments"."""


class HubSpotSession:
    """One account's tickets, and the orders whose delivery's status stands beside them."""

    def __init__(self, crm: Crm, account: TargetAccount) -> None:
        """Take the API and the account."""
        self._crm = crm
        self._options = mapping.options_of(account)
        self._tickets = Tickets(crm, self._options, mapping.owned(account))
        self._places = Places(crm)
        orders = Orders(crm, self._options.order_property)
        self._orders = OrderRecords(crm, orders, self._options, mapping.owned_of_orders(account))
        self._mark = ""

    async def look_up(self, key: str) -> Sequence[Record]:
        """Find every episode's ticket of a task, or the one order of a status, by properties with unique values."""
        if sort_of(key) is RecordSort.STATUS:
            found = await self._orders.of_key(key)
            return [found] if found is not None else []
        numbers = [one["id"] for one in await self._places.taken(key)]
        read = [await self._tickets.read(number) for number in numbers]
        return [record for record in read if record is not None and record.key == key]

    async def read(self, record_id: str) -> Record | None:
        """Read a ticket or an order; None where there is none."""
        if record_id.startswith(PREFIX):
            return await self._orders.read(record_id)
        return await self._tickets.read(record_id)

    async def create(self, writing: Writing) -> Record:
        """Create a ticket, or write an order whether it is there or not; the same key again gives the same record."""
        if sort_of(writing.key) is RecordSort.STATUS:
            return await self._upsert(writing)
        there = await self._places.taken(writing.key)
        if existing := await self._of_episode(there, writing):
            return existing
        keys = {
            mapping.PLACE: await self._places.free(writing.key, there),
            mapping.KEY: writing.key,
            mapping.EPISODE: writing.idempotency_key,
            "hs_pipeline": self._options.pipeline,
            "hs_pipeline_stage": self._options.stage,
        }
        try:
            made = await self._crm.create(TICKETS, {**writing.fields, **keys})
        except QuaysideError as error:
            if error.code in {"http_400", "conflict"}:
                there = await self._places.taken(writing.key)
                if late := await self._of_episode(there, writing):
                    return late
            raise
        return _kept(self._tickets.record(made), {**writing.fields, mapping.KEY: writing.key}, made)

    async def update(self, record: Record, writing: Writing) -> Record:
        """Write our properties. HubSpot has no conditional write, so what people closed is looked for just before.

        Raises:
            Rejected: the record is gone (`gone`) or did not keep what was written (`not_kept`).
        """
        if record.id.startswith(PREFIX):
            return await self._upsert(writing)
        current = await self._existing(record.id)
        if not current.is_open:
            return current
        said = {mapping.NOTE: writing.comment} if writing.comment else {}
        return await self._change(current, {**writing.fields, **said})

    async def close(self, record: Record, writing: Writing) -> Record:
        """Move a ticket to the closed stage and say why, in one call; an order stays as it is."""
        current = await self._existing(record.id)
        if not current.is_open or record.id.startswith(PREFIX):
            return current
        wanted = {"hs_pipeline_stage": self._options.closed, mapping.NOTE: writing.comment}
        if (await self._change(current, wanted)).is_open:
            raise Rejected(f"ticket {record.id} is still open after it was closed", code="not_kept")
        return await self._existing(record.id)

    async def reopen(self, record: Record, writing: Writing) -> Record:
        """Move a ticket back to the stage of new ones, say why and write our fields, in one call; an open one stays so.

        Raises:
            Rejected: the ticket is gone or in the recycling bin (`gone`), or was merged into another (`merged`).
        """
        current = await self._existing(record.id)
        if current.merged_into:
            raise Rejected(f"ticket {record.id} was merged into {current.merged_into}", code="merged")
        if current.is_deleted:
            raise Rejected(f"ticket {record.id} was deleted", code="gone")
        if current.is_open:
            return current
        stage = {"hs_pipeline_stage": self._options.stage, mapping.NOTE: writing.comment}
        await self._change(current, {**writing.fields, **stage})
        return await self._existing(record.id)

    @property
    def mark(self) -> str:
        """Milliseconds since 1970, by HubSpot's clock; as long ago as its search may lag."""
        return self._mark

    async def changed_since(self, mark: str) -> AsyncIterator[Record]:
        """Tell our tickets that changed since `mark`, and those that were merged into others; all at an empty one.

        Archived ones are not told: no search finds them.
        """
        if mark and not mark.isdecimal():
            raise Rejected(f"not a time in milliseconds: {mark!r}", code="bad_mark")
        ours: list[Json] = [{"propertyName": mapping.EPISODE, "operator": "HAS_PROPERTY"}]
        if mark:
            ours.append({"propertyName": "hs_lastmodifieddate", "operator": "GTE", "value": mark})
        last, began = "0", None
        while True:
            after = {"propertyName": "hs_object_id", "operator": "GT", "value": last}
            page = await self._crm.search(TICKETS, [*ours, after], self._tickets.asked)
            began = began or page.at
            for found in page.results:
                for away in _merged_into(found):
                    if there := await self._tickets.read(away):
                        yield there
                yield replace(self._tickets.record(found), version="")
            if len(page.results) < AT_ONCE:
                break
            last = page.results[-1]["id"]
        self._mark = str(int((began.astimezone(UTC) - SEARCH_LAG).timestamp() * 1000))

    async def _of_episode(self, tickets: Sequence[Json], writing: Writing) -> Record | None:
        """The ticket that an earlier try made."""
        mine = (one for one in tickets if one["properties"].get(mapping.EPISODE) == writing.idempotency_key)
        return await self._tickets.read(found["id"]) if (found := next(mine, None)) else None

    async def _upsert(self, writing: Writing) -> Record:
        record, answered = await self._orders.upsert(writing)
        return _kept(record, writing.fields, answered)

    async def _existing(self, record_id: str) -> Record:
        found = await self.read(record_id)
        if found is None:
            raise Rejected(f"{record_id} no longer exists", code="gone")
        return found

    async def _change(self, current: Record, properties: Mapping[str, str]) -> Record:
        changed = await self._crm.change(TICKETS, current.id, properties)
        if changed is None:
            raise Rejected(f"{current.id} no longer exists", code="gone")
        stage = str(changed["properties"].get("hs_pipeline_stage") or self._options.stage)
        fields = {name: properties.get(name, value) for name, value in current.fields.items()}
        after = replace(
            current,
            version=str(changed.get("updatedAt", "")),
            fields=fields,
            is_open=not self._options.is_closed(stage),
        )
        return _kept(after, properties, changed)


def _kept(record: Record, written: Mapping[str, str], found: Json) -> Record:
    """Give the record; raises Rejected where the answer lacks something of what was written."""
    there = found["properties"]
    lost = sorted(name for name, value in written.items() if str(there.get(name) or "") != value)
    if lost:
        raise Rejected(f"HubSpot's record {record.id} did not keep {', '.join(lost)}", code="not_kept")
    return record


def _merged_into(found: Json) -> list[str]:
    told = found["properties"].get(MERGED) or ""
    return [number for number in str(told).split(";") if number]
