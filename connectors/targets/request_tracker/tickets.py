"""Tickets as records: read one, with whoever closed it; see that a write was kept."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace

from connectors.targets.request_tracker.closing import approver_of, closing_of
from connectors.targets.request_tracker.rest2 import Json, Rest2
from contracts.connector import Record
from contracts.errors import Rejected
from mappings.tickets import request_tracker as mapping

REASON_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket. all_fields: also those that we do not own; the record's keys are empty where it is none of ours."""

    all_fields: Mapping[str, str]
    record: Record

    @property
    def may_be_ours(self) -> bool:
        """Whether it carries our key; one that was merged away shows none, whosesoever it was."""
        return bool(self.record.key or not self.all_fields)


@dataclass(frozen=True, slots=True)
class Tickets:
    """Reads tickets through REST2. owned: the fields that we write at every update."""

    rest: Rest2
    options: mapping.RequestTrackerOptions
    owned: frozenset[str]

    async def read(self, number: str) -> Ticket | None:
        """Read a ticket; None where there is none. One that was merged into another is closed, and has no fields."""
        found = await self.rest.ticket(number)
        if found is None:
            return None
        body, version = found
        if str(body["id"]) != number:
            away = Record(number, is_open=False, version=version, fields={}, key="", idempotency_key="")
            merged = replace(away, merged_into=str(body["id"]))
            return Ticket({}, await self._with_closing(merged, body, ""))
        ticket = self._ticket(body, version)
        if ticket.record.is_open:
            return ticket
        return replace(ticket, record=await self._with_closing(ticket.record, body, str(body["Status"])))

    async def find(self, query: str) -> AsyncIterator[Ticket]:
        """Find tickets by TicketSQL, many in one call; without their versions and who closed them."""
        async for body in self.rest.tickets(query, fields="Subject,Due,Status,Owner,CustomFields"):
            yield self._ticket(body, "")

    def _ticket(self, body: Json, version: str) -> Ticket:
        fields = mapping.ticket_fields(body)
        status = str(body["Status"])
        is_open = not self.options.is_closed(status)
        record = Record(
            str(body["id"]),
            is_open,
            version,
            {name: value for name, value in fields.items() if name in self.owned},
            key=fields.get(mapping.in_ticket_sql(self.options.task_key_field), ""),
            idempotency_key=fields.get(mapping.in_ticket_sql(self.options.external_key_field), ""),
            refused=not is_open and self.options.is_refused(status),
            is_deleted=status == mapping.DELETED,
            assigned_to=mapping.owner_of(body),
        )
        return Ticket(fields, record)

    async def existing(self, number: str) -> Ticket:
        """Read a ticket; raises Rejected (`gone`) where there is none."""
        found = await self.read(number)
        if found is None:
            raise Rejected(f"ticket {number} no longer exists", code="gone")
        return found

    async def kept(self, number: str, written: Mapping[str, str], sentences: Sequence[str]) -> Ticket:
        """Read a ticket after a write; raises Rejected, with what was said, where it is gone or did not keep it.

        Sentences that repeat a value are left out: they stand in logs, where no customer's name belongs.
        """
        found = await self.existing(number)
        lost = {name for name, value in written.items() if found.all_fields.get(name, "") != value}
        if lost and found.record.is_open:
            kept = [value for name, value in written.items() if name not in lost and value]
            told = [sentence for sentence in sentences if not any(value in sentence for value in kept)]
            reason = f"ticket {number} did not keep {', '.join(sorted(lost))}"
            raise Rejected(f"{reason}: {'; '.join(told)}" if told else reason, code="not_kept")
        return found

    async def _with_closing(self, record: Record, body: Json, status: str) -> Record:
        query = f"ObjectType = 'RT::Ticket' AND ObjectId = {record.id}"
        page = await self.rest.transactions(query, order="DESC")
        ours = str(body["Creator"]["id"])
        closing = closing_of(page.transactions, ours, status)
        field = self.options.approval(body) if status else ""
        approved_by = approver_of(page.transactions, field, self.options.approved, ours) if field else ""
        reason = await self.rest.text(closing.said_in) if closing.said_in else ""
        shown = " ".join(reason.split())[:REASON_LIMIT]
        return replace(record, closed_by=closing.by, closed_at=closing.at, closed_reason=shown, approved_by=approved_by)
