"""A ticket as a record: whether it is done, by whom, why; whether it was merged or archived.

Who wrote a value stands in the property's history. What has the source of the first value of our own key is ours.

Source: https://developers.hubspot.com/docs/api-reference/latest/crm/objects/tickets/guide and, of merging,
https://developers.hubspot.com/changelog/announcement-deals-now-support-merging
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from connectors.targets.hubspot.api import Crm, Json
from connectors.targets.hubspot.places import TICKETS
from contracts.connector import Record
from contracts.envelope import read_time
from mappings.tickets import hubspot as mapping

STAGE = "hs_pipeline_stage"
MERGED = "hs_merged_object_ids"
SOMEBODY = "somebody"
REASON_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Tickets:
    """Reads tickets. owned: the properties that we write at every update."""

    crm: Crm
    options: mapping.HubSpotOptions
    owned: Sequence[str]

    @property
    def asked(self) -> tuple[str, ...]:
        """The properties that are read of a ticket."""
        keys = mapping.PLACE, mapping.KEY, mapping.EPISODE
        read = self.options.reason_property, self.options.approval_property
        return (*self.owned, *keys, *read, STAGE, MERGED, "hubspot_owner_id")

    async def read(self, number: str) -> Record | None:
        """Read a ticket with whoever closed it; None where there is none, not even in the recycling bin."""
        history = STAGE, mapping.EPISODE, self.options.approval_property
        found = await self.crm.read(TICKETS, number, self.asked, history=history)
        if found is None:
            found = await self.crm.read(TICKETS, number, self.asked, archived=True)
            if found is None:
                return None
            record = self.record(found)
            at = found.get("archivedAt")
            return replace(
                record, is_open=False, is_deleted=True, closed_by=SOMEBODY, closed_at=read_time(at) if at else None
            )
        if found["id"] != number:
            return merged(number, found["id"])
        record = self.record(found)
        return record if record.is_open else await self._with_closing(record, found)

    def record(self, found: Json) -> Record:
        """Take a ticket as it stands, without whoever closed it."""
        values = found["properties"]
        stage = _text(values, STAGE)
        return Record(
            found["id"],
            not self.options.is_closed(stage),
            str(found.get("updatedAt", "")),
            {name: _text(values, name) for name in self.owned},
            key=_text(values, mapping.KEY),
            idempotency_key=_text(values, mapping.EPISODE),
            refused=self.options.is_refused(stage),
            assigned_to=_text(values, "hubspot_owner_id"),
        )

    async def _with_closing(self, record: Record, found: Json) -> Record:
        history = found.get("propertiesWithHistory") or {}
        ours = _source(_entries(history, mapping.EPISODE)[-1:])
        closing = self._closing(_entries(history, STAGE))
        at = _time(closing[:1])
        if closing and _source(closing[:1]) == ours:
            return replace(record, closed_at=at)
        values = found["properties"]
        approvals = _entries(history, self.options.approval_property)[:1]
        is_approved = _text(values, self.options.approval_property) == self.options.approved
        by = await self._who(approvals) if is_approved and _source(approvals) != ours else ""
        return replace(
            record,
            closed_by=await self._who(closing[:1]),
            closed_at=at,
            closed_reason=" ".join(_text(values, self.options.reason_property).split())[:REASON_LIMIT],
            approved_by=by,
        )

    def _closing(self, stages: Sequence[Json]) -> Sequence[Json]:
        """The change that closed it: the oldest of the newest ones that are all closed stages."""
        closed = []
        for entry in stages:
            if not self.options.is_closed(str(entry.get("value", ""))):
                break
            closed.append(entry)
        return closed[-1:]

    async def _who(self, entries: Sequence[Json]) -> str:
        number = entries[0].get("updatedByUserId") if entries else None
        return await self.crm.user(str(number)) if number else SOMEBODY


def merged(number: str, into: str) -> Record:
    """Say that a ticket went into another."""
    return Record(
        number,
        is_open=False,
        version="",
        fields={},
        key="",
        idempotency_key="",
        closed_by=SOMEBODY,
        merged_into=into,
    )


def _text(values: Mapping[str, Any], name: str) -> str:
    found = values.get(name)
    return "" if found is None else str(found)


def _entries(history: Mapping[str, Any], name: str) -> list[Json]:
    """The values that a property had, the newest first."""
    return list(history.get(name) or ())


def _source(entries: Sequence[Json]) -> tuple[object, object] | None:
    return (entries[0].get("sourceType"), entries[0].get("sourceId")) if entries else None


def _time(entries: Sequence[Json]) -> datetime | None:
    return read_time(entries[0]["timestamp"]) if entries else None
