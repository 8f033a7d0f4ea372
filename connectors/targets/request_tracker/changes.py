"""Which tickets changed since a mark, which is the id of a transaction.

Only our queue's are asked for: what our user may not see is taken out of a page after it was counted, so a page that
is short or empty would no longer be the last. A ticket that people move to another queue is looked at again when it
is next written.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from connectors.targets.request_tracker.closing import settled
from connectors.targets.request_tracker.rest2 import PAGE, Json, Rest2
from connectors.targets.request_tracker.tickets import Ticket, Tickets
from contracts.errors import Rejected
from mappings.tickets import request_tracker as mapping

AT_ONCE = 50
"""Tickets that are asked for in one call."""

_TELLS = "(Type = 'Status' OR Field = 'MergedInto' OR Field = 'Owner')"
"""What closes or opens a ticket, or makes it somebody's."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Reads what changed. Both ways give tickets and the mark from which to go on once they were read."""

    rest: Rest2
    tickets: Tickets

    async def everything(self) -> tuple[AsyncIterator[Ticket], str]:
        """All of our tickets. The mark is taken first, so that what happens meanwhile is told again."""
        newest = await self.rest.transactions(self._of_our_queue, order="DESC")
        ours = f"{mapping.in_ticket_sql(self.tickets.options.external_key_field)} IS NOT NULL"
        return self.tickets.find(ours), settled(newest.transactions, newest.date, "0")

    async def since(self, mark: str) -> tuple[AsyncIterator[Ticket], str]:
        """All tickets of transactions after `mark` that tell something of theirs; raises Rejected at no mark."""
        if not mark.isdecimal():
            raise Rejected(f"not the id of a transaction: {mark!r}", code="bad_mark")
        found: list[Json] = []
        asked = f"{self._of_our_queue} AND {_TELLS}"
        page = await self.rest.transactions(f"{asked} AND id > {mark}")
        began = page.date
        found += page.transactions
        while len(page.transactions) == PAGE:
            page = await self.rest.transactions(f"{asked} AND id > {found[-1]['id']}")
            found += page.transactions
        numbers = list(dict.fromkeys(str(transaction["ObjectId"]) for transaction in found))
        return self._by_number(numbers), settled(found, began, mark)

    @property
    def _of_our_queue(self) -> str:
        return f"ObjectType = 'RT::Ticket' AND TicketQueue = {mapping.quoted(self.tickets.options.queue)}"

    async def _by_number(self, numbers: Sequence[str]) -> AsyncIterator[Ticket]:
        """Many in one call; deleted and merged ones, which no search finds, one by one."""
        for start in range(0, len(numbers), AT_ONCE):
            missing = set(numbers[start : start + AT_ONCE])
            async for ticket in self.tickets.find(" OR ".join(f"id = {number}" for number in sorted(missing))):
                missing.discard(ticket.record.id)
                yield ticket
            for number in sorted(missing):
                away = await self.tickets.read(number)
                if away is not None:
                    yield away
