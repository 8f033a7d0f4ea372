"""A ticket of Freshdesk as a record: whether it is open, who closed it, when, why, and who approved it.

The API tells nobody's part in a change. That we closed a ticket we write into it in the same call
(`cf_quayside_closed`). Of any other closing the agent who wrote last on it is named, else the one to whom it is
assigned. Nor does it tell that a ticket was merged: such a one is closed, and its newest note, by the agent who merged,
says into which.

Source: https://developers.freshdesk.com/api/#view_a_ticket and https://developers.freshdesk.com/api/#list_all_ticket_notes
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from connectors.targets.freshdesk.api import Freshdesk, Json
from contracts.connector import Record
from contracts.envelope import read_time
from contracts.errors import Rejected
from mappings.tickets import freshdesk as mapping

SOMEBODY = "somebody"
REASON_LIMIT = 500


@dataclass(slots=True)
class Tickets:
    """Reads tickets. owned: the fields that we write at every update."""

    api: Freshdesk
    options: mapping.FreshdeskOptions
    owned: tuple[str, ...]
    _names: dict[int, str] = field(default_factory=dict)
    _me: int = 0

    async def read(self, number: str) -> Record | None:
        """Read a ticket, with who closed it; None where there is none."""
        found = await self.api.ticket(number)
        return None if found is None else await self.whole(found)

    async def existing(self, number: str) -> Record:
        """Read a ticket; raises Rejected (`gone`) where there is none."""
        found = await self.read(number)
        if found is None:
            raise gone(number)
        return found

    async def whole(self, ticket: Json) -> Record:
        """Take a ticket as it stands, and where it is closed read by whom."""
        record = await self.record(ticket)
        return record if record.is_open else await self._with_closing(record, ticket)

    async def record(self, ticket: Json) -> Record:
        """Take a ticket as it stands."""
        status, fields = str(ticket["status"]), mapping.ticket_fields(ticket)
        is_deleted, is_spam = bool(ticket.get("deleted")), bool(ticket.get("spam"))
        return Record(
            str(ticket["id"]),
            not (self.options.is_closed(status) or is_deleted or is_spam),
            str(ticket["updated_at"]),
            {name: fields.get(name, "") for name in self.owned},
            key=fields.get(mapping.KEY, ""),
            idempotency_key=fields.get(mapping.EPISODE, ""),
            refused=self.options.is_refused(status) or is_spam,
            is_deleted=is_deleted,
            assigned_to=await self._name(ticket.get("responder_id")),
        )

    async def me(self) -> int:
        """Ask once who we are."""
        self._me = self._me or await self.api.me()
        return self._me

    async def _with_closing(self, record: Record, ticket: Json) -> Record:
        fields = mapping.ticket_fields(ticket)
        counted = await self.api.ticket(record.id, stats=True)
        at = _closed_at(counted or ticket)
        if not record.is_deleted and fields.get(mapping.CLOSED) == record.idempotency_key:
            return replace(record, closed_at=at)
        ours = await self.me()
        said = [one for one in await self.api.conversations(record.id) if not one.get("incoming")]
        last = next((one for one in reversed(said) if one.get("user_id") != ours), None)
        by = record.assigned_to if last is None else await self._name(last.get("user_id"))
        return replace(
            record,
            closed_by=by or SOMEBODY,
            closed_at=at,
            closed_reason=mapping.in_one_line(str(last.get("body_text") or "") if last else "")[:REASON_LIMIT],
            approved_by=fields.get(self.options.approver_field, ""),
        )

    async def _name(self, number: object) -> str:
        """Name an agent, each asked for once; empty where there is none."""
        if not isinstance(number, int):
            return ""
        if number not in self._names:
            self._names[number] = await self.api.agent(number)
        return self._names[number]


def gone(number: str) -> Rejected:
    """Say that a ticket is not there."""
    return Rejected(f"ticket {number} no longer exists", code="gone")


def _closed_at(ticket: Json) -> datetime:
    """When it was resolved, else closed, else last changed: a status of your own leaves neither."""
    stats = ticket.get("stats") or {}
    return read_time(str(stats.get("resolved_at") or stats.get("closed_at") or ticket["updated_at"]))
