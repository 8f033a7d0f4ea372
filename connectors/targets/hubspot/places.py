"""The places of a task's tickets: its digest and 1, 2, 3, in a property with unique values.

So all of a task's tickets are read by their ids, which sees every finished write; a search would ask an index. No page
says that an archived ticket gives its value free, so its place is not taken again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from connectors.targets.hubspot.api import Crm, Json
from contracts.identity import digest
from mappings.tickets import hubspot as mapping

TICKETS = "tickets"
AT_ONCE = 20
"""Places that are asked for in one call; there are more to ask for only where one of the later half is taken."""


@dataclass(frozen=True, slots=True)
class Places:
    """Finds a task's tickets."""

    crm: Crm

    async def taken(self, key: str) -> list[Json]:
        """The tickets of a task, the oldest first, with their place and episode."""
        found, start = [], 0
        while True:
            page = await self._block(key, start)
            found += page
            if not _reaches_on(page, key, start):
                return sorted(found, key=lambda one: int(one["id"]))
            start += AT_ONCE

    async def free(self, key: str, live: Sequence[Json]) -> str:
        """Give the first place that none of a task's tickets has, of those that are there and of archived ones."""
        taken, start = _names(live), 0
        while True:
            page = await self._block(key, start, archived=True)
            taken |= _names(page)
            block = [_place(key, start + number) for number in range(1, AT_ONCE + 1)]
            if place := next((place for place in block if place not in taken), ""):
                return place
            start += AT_ONCE

    async def _block(self, key: str, start: int, *, archived: bool = False) -> list[Json]:
        ids = [_place(key, start + number) for number in range(1, AT_ONCE + 1)]
        return await self.crm.read_many(
            TICKETS, ids, (mapping.PLACE, mapping.EPISODE), mapping.PLACE, archived=archived
        )


def _reaches_on(page: Sequence[Json], key: str, start: int) -> bool:
    later = {_place(key, start + number) for number in range(AT_ONCE // 2 + 1, AT_ONCE + 1)}
    return bool(later & _names(page))


def _names(tickets: Sequence[Json]) -> set[str]:
    return {str(one["properties"].get(mapping.PLACE)) for one in tickets}


def _place(key: str, number: int) -> str:
    return f"{digest(key)}-{number}"
