"""Writing to Freshdesk, and reading what people did there."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from connectors.targets.freshdesk.api import Freshdesk, Json, shown_time
from connectors.targets.freshdesk.tickets import Tickets, gone
from contracts.connector import Record, Writing
from contracts.envelope import read_time
from contracts.errors import Rejected
from contracts.settings import TargetAccount
from mappings.tickets import freshdesk as mapping

SEARCH_LAG = timedelta(minutes=15)
"""How far a search may lag behind what was written: its page says "a few minutes", and gives no number."""
UNSETTLED = timedelta(minutes=1)
"""How far a mark stays behind the newest change: one that began earlier may be listed later."""
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
PORTAL = 2
"""The source of our tickets; the API knows none of its own."""


class FreshdeskSession:
    """One account's tickets."""

    def __init__(self, api: Freshdesk, account: TargetAccount) -> None:
        """Take the API and the account."""
        self._api = api
        self._options = mapping.options_of(account)
        self._tickets = Tickets(api, self._options, mapping.owned(account))
        self._mark = ""

    async def look_up(self, key: str) -> Sequence[Record]:
        """Find every episode's ticket of a task, the oldest first.

        A search finds what was written long ago. What it cannot know yet is among the tickets that changed while it may
        lag, by the server's own clock, and these are listed.
        """
        task = mapping.task_of(key)
        found = await self._api.search(mapping.TASK, task)
        tickets = {int(ticket["id"]): ticket for ticket in found.tickets}
        async for ticket in self._api.changed(found.at - SEARCH_LAG):
            tickets[int(ticket["id"])] = ticket
        ours = [tickets[n] for n in sorted(tickets) if mapping.ticket_fields(tickets[n]).get(mapping.TASK) == task]
        records = [await self._tickets.read(str(ticket["id"])) for ticket in ours]
        return [record for record in records if record is not None and record.key == key]

    async def read(self, record_id: str) -> Record | None:
        """Read a ticket; None where there is none."""
        return await self._tickets.read(record_id)

    async def create(self, writing: Writing) -> Record:
        """Create a ticket; raises Rejected (`not_kept`) where it lacks what was written."""
        keys = {
            mapping.TASK: mapping.task_of(writing.key),
            mapping.KEY: writing.key,
            mapping.EPISODE: writing.idempotency_key,
        }
        text = writing.fields.get(mapping.DETAILS) or writing.fields["subject"]
        options: dict[str, object] = {
            "email": self._options.requester,
            "description": mapping.markup(text),
            "status": int(self._options.open_status),
            "source": PORTAL,
        }
        if self._options.group:
            options["group_id"] = int(self._options.group)
        if self._options.type:
            options["type"] = self._options.type
        made = await self._api.create({**mapping.ticket_values({**writing.fields, **keys}), **options})
        return await self._kept(made, {**writing.fields, **keys})

    async def update(self, record: Record, writing: Writing) -> Record:
        """Say what is to be said, once, and write our fields. What people closed is looked for just before.

        Raises:
            Rejected: the ticket is gone (`gone`) or did not keep what was written (`not_kept`).
        """
        current = await self._tickets.existing(record.id)
        if not current.is_open:
            return current
        await self._say(record.id, writing.comment)
        return await self._kept(await self._change(record.id, writing.fields, {}), writing.fields)

    async def close(self, record: Record, writing: Writing) -> Record:
        """Say the reason, once, and set the status, together with the note that it was us.

        Raises:
            Rejected: the ticket is gone (`gone`) or did not take the status (`not_kept`).
        """
        current = await self._tickets.existing(record.id)
        if not current.is_open:
            return current
        await self._say(record.id, writing.comment)
        ours = {mapping.CLOSED: current.idempotency_key}
        closed = await self._tickets.whole(await self._change(record.id, ours, {"status": int(self._options.closed)}))
        if closed.is_open:
            raise Rejected(f"ticket {record.id} is still open after it was closed", code="not_kept")
        return closed

    async def reopen(self, record: Record, writing: Writing) -> Record:
        """Say why, once, open a closed ticket, and write our fields; one that was deleted is left as it is."""
        current = await self._tickets.existing(record.id)
        if current.is_open:
            return await self.update(record, writing)
        await self._say(record.id, writing.comment)
        changed = await self._change(record.id, writing.fields, {"status": int(self._options.open_status)})
        opened = await self._kept(changed, writing.fields)
        if not opened.is_open:
            raise Rejected(f"ticket {record.id} is still closed after it was opened", code="not_kept")
        return opened

    @property
    def mark(self) -> str:
        """An instant, RFC 3339, a minute before the newest change that was told."""
        return self._mark

    async def changed_since(self, mark: str) -> AsyncIterator[Record]:
        """Tell our tickets that changed since `mark`; all at an empty one. Deleted ones and spam are not told."""
        since = read_time(mark) if mark else BEGINNING
        newest = since
        async for ticket in self._api.changed(since):
            newest = max(newest, read_time(str(ticket["updated_at"])) - UNSETTLED)
            if mapping.ticket_fields(ticket).get(mapping.KEY):
                yield await self._tickets.record(ticket)
        self._mark = shown_time(newest) if newest > BEGINNING else ""

    async def _say(self, number: str, text: str) -> None:
        """Add a private note, if it is not the last one of ours already: the answer to it may have been lost."""
        if not text:
            return
        ours = await self._tickets.me()
        said = [one for one in await self._api.conversations(number) if one.get("user_id") == ours]
        last = mapping.in_one_line(str(said[-1].get("body_text") or "")) if said else ""
        if last != mapping.in_one_line(text):
            await self._api.note(number, mapping.markup(text))

    async def _change(self, number: str, written: Mapping[str, str], values: Mapping[str, object]) -> Json:
        """Write fields; whatever is not our closing takes back the note that we closed."""
        fields = {mapping.CLOSED: "", **written}
        changed = await self._api.change(number, {**mapping.ticket_values(fields), **values})
        if changed is None:
            raise gone(number)
        return changed

    async def _kept(self, ticket: Json, written: Mapping[str, str]) -> Record:
        """Take what a write was answered with; raises Rejected where a field did not take what was written."""
        record, there = await self._tickets.record(ticket), mapping.ticket_fields(ticket)
        lost = sorted(name for name, value in written.items() if there.get(name, "") != value)
        if lost and record.is_open:
            raise Rejected(f"ticket {record.id} did not keep {', '.join(lost)}", code="not_kept")
        return record
