"""Writing to Request Tracker, and reading what people did there."""

from collections.abc import AsyncIterator, Mapping, Sequence

from connectors.targets.request_tracker.changes import Changes
from connectors.targets.request_tracker.rest2 import Rest2
from connectors.targets.request_tracker.tickets import Ticket, Tickets
from contracts.connector import Record, Writing
from contracts.errors import Rejected, Retryable
from contracts.settings import TargetAccount
from mappings.tickets import request_tracker as mapping


class RequestTrackerSession:
    """One account's tickets. Nothing is asked before the first call; the first write looks at the queue as well."""

    def __init__(self, rest: Rest2, account: TargetAccount) -> None:
        """Take the API and the account."""
        self._rest = rest
        self._options = mapping.options_of(account)
        self._tickets = Tickets(rest, self._options, mapping.owned(account))
        self._changes = Changes(rest, self._tickets)
        self._needed = mapping.custom_fields(account)
        self._mark = ""
        self._fits = False

    async def look_up(self, key: str) -> Sequence[Record]:
        """Find every episode's ticket of a task, the oldest first."""
        await self._look_at_queue()
        name = mapping.in_ticket_sql(self._options.task_key_field)
        numbers = [str(found["id"]) async for found in self._rest.tickets(f"{name} = {mapping.quoted(key)}")]
        found = [await self._tickets.read(number) for number in numbers]
        return [ticket.record for ticket in found if ticket is not None and ticket.record.key == key]

    async def read(self, record_id: str) -> Record | None:
        """Read a ticket; None where there is none."""
        found = await self._tickets.read(record_id)
        return found.record if found else None

    async def create(self, writing: Writing) -> Record:
        """Create a ticket and read it back; raises Rejected (`not_kept`) where it lacks what was written."""
        await self._look_at_queue()
        written = {**writing.fields, **self._keys(writing)}
        message = {
            "Queue": self._options.queue,
            "Content": writing.fields.get(mapping.in_ticket_sql(self._options.details_field), ""),
            "ContentType": "text/plain",
        }
        number = await self._rest.create({**mapping.ticket_values(written), **message})
        return (await self._tickets.kept(number, written, ())).record

    async def update(self, record: Record, writing: Writing) -> Record:
        """Write our fields with If-Match, once more where somebody was faster, and read back.

        Raises:
            Rejected: the ticket is gone (`gone`) or did not keep what was written (`not_kept`).
            Retryable: people change it faster than it can be read (`changed`).
        """
        values, version = mapping.ticket_values(writing.fields), record.version
        for _ in range(2):
            sentences = await self._rest.change(record.id, values, version) if version else None
            if sentences is not None:
                found = await self._tickets.kept(record.id, writing.fields, sentences)
                return await self._comment(found, writing.comment, {}) if writing.comment else found.record
            current = await self._tickets.existing(record.id)
            if not current.record.is_open:
                return current.record
            version = current.record.version
        raise Retryable(f"ticket {record.id} changes faster than it can be read", code="changed")

    async def close(self, record: Record, writing: Writing) -> Record:
        """Say the reason and set the status in one call, and read back.

        Raises:
            Rejected: the ticket is gone (`gone`) or its lifecycle refuses the status (`not_kept`).
        """
        found = await self._tickets.existing(record.id)
        if not found.record.is_open:
            return found.record
        return await self._comment(found, writing.comment, {"Status": self._options.closed})

    async def reopen(self, record: Record, writing: Writing) -> Record:
        """Say why and set the status that means open, then write our fields; one that is open already is left so.

        Raises:
            Rejected: the ticket is gone (`gone`), was merged into another, or its lifecycle refuses the status
                (`not_kept`).
        """
        found = await self._tickets.existing(record.id)
        if found.record.merged_into:
            raise Rejected(f"ticket {record.id} was merged into {found.record.merged_into}", code="merged")
        if not found.record.is_open:
            sentences = await self._rest.comment(record.id, writing.comment, {"Status": self._options.reopened})
            found = await self._tickets.existing(record.id)
            if not found.record.is_open:
                told = "; ".join(sentence for sentence in sentences if self._options.reopened in sentence)
                raise Rejected(f"ticket {record.id} was not opened again: {told}", code="not_kept")
        return await self.update(found.record, Writing(writing.key, writing.idempotency_key, writing.fields))

    @property
    def mark(self) -> str:
        """The id of a transaction; whatever comes later has a higher one."""
        return self._mark

    async def changed_since(self, mark: str) -> AsyncIterator[Record]:
        """Tell our tickets that were closed, opened or merged into another since `mark`; all at an empty one."""
        found, now_at = await (self._changes.since(mark) if mark else self._changes.everything())
        async for ticket in found:
            if ticket.may_be_ours:
                yield ticket.record
        self._mark = now_at

    async def _comment(self, found: Ticket, text: str, values: Mapping[str, str]) -> Record:
        sentences = await self._rest.comment(found.record.id, text, values)
        after = (await self._tickets.existing(found.record.id)).record
        if values and after.is_open:
            told = "; ".join(sentence for sentence in sentences if self._options.closed in sentence)
            raise Rejected(f"ticket {found.record.id} did not take the status: {told}", code="not_kept")
        return after

    def _keys(self, writing: Writing) -> dict[str, str]:
        return {
            mapping.in_ticket_sql(self._options.external_key_field): writing.idempotency_key,
            mapping.in_ticket_sql(self._options.task_key_field): writing.key,
        }

    async def _look_at_queue(self) -> None:
        """Make sure, once, that the queue has our fields.

        A search by one that is missing finds nothing, and a create drops it, both without an error: every try would
        be one ticket more. Raises Retryable (`misconfigured`), since an operator mends it over there.
        """
        if self._fits:
            return
        queue = await self._rest.queue(self._options.queue)
        if queue is None:
            raise Retryable(f"Request Tracker has no queue {self._options.queue!r}", code="misconfigured")
        missing = self._needed - {field["name"] for field in queue["TicketCustomFields"]}
        if missing:
            names = ", ".join(sorted(missing))
            raise Retryable(
                f"the queue {self._options.queue!r} lacks the custom fields {names}, or our user may not see them",
                code="misconfigured",
            )
        self._fits = True
