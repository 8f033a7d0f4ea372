"""Writing to Zammad, and reading what people did there."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from connectors.targets.zammad.api import BEGINNING, Json, Zammad
from connectors.targets.zammad.tickets import Tickets, gone, text
from contracts.connector import Record, Writing
from contracts.envelope import read_time
from contracts.errors import Rejected, Retryable
from contracts.settings import TargetAccount
from mappings.tickets import zammad as mapping

UNSETTLED = timedelta(minutes=1)
"""A transaction that began earlier may end later, and its time is that of its beginning: so far behind a mark stays."""


class ZammadSession:
    """One account's tickets."""

    def __init__(self, api: Zammad, account: TargetAccount) -> None:
        """Take the API and the account."""
        self._api = api
        self._options = mapping.options_of(account)
        self._tickets = Tickets(api, self._options, mapping.owned(account))
        self._added = mapping.added(account)
        self._mark = ""
        self._me = 0

    async def look_up(self, key: str) -> Sequence[Record]:
        """Find every episode's ticket of a task, the oldest first."""
        task = mapping.task_of(key)
        records = []
        for number in sorted(await self._api.with_value(mapping.TASK, task), key=int):
            ticket = await self._api.ticket(number)
            if ticket is None:
                continue
            if text(ticket, mapping.TASK) != task:
                raise _misconfigured(f"a search by {mapping.TASK!r} finds other tickets: is the attribute there?")
            records.append(await self._tickets.whole(ticket))
        return [record for record in records if record.key == key]

    async def read(self, record_id: str) -> Record | None:
        """Read a ticket; None where there is none."""
        return await self._tickets.read(record_id)

    async def create(self, writing: Writing) -> Record:
        """Create a ticket, with the text as its first article.

        Raises:
            Rejected: it lacks what was written (`not_kept`).
            Retryable: our attributes are not there (`misconfigured`): an operator mends it over there.
        """
        keys = {
            mapping.TASK: mapping.task_of(writing.key),
            mapping.KEY: writing.key,
            mapping.EPISODE: writing.idempotency_key,
        }
        values = {
            **writing.fields,
            **keys,
            "group": self._options.group,
            "article": _note(writing.fields.get("quayside_details") or writing.fields.get("title", ""), "Quayside"),
        }
        whose = (
            {"customer": self._options.customer} if self._options.customer else {"customer_id": await self._our_id()}
        )
        made = await self._api.create({**values, **whose})
        if missing := sorted(self._added - set(made)):
            raise _misconfigured(f"tickets lack the attributes {', '.join(missing)}")
        return self._kept(made, {**writing.fields, **keys})

    async def update(self, record: Record, writing: Writing) -> Record:
        """Write our attributes. There is no conditional write, so what people closed is looked for just before.

        Raises:
            Rejected: the ticket is gone (`gone`) or did not keep what was written (`not_kept`).
        """
        current = await self._tickets.existing(record.id)
        if not current.is_open:
            return current
        note = {"article": _note(writing.comment)} if writing.comment else {}
        return self._kept(await self._change(record.id, {**writing.fields, **note}), writing.fields)

    async def close(self, record: Record, writing: Writing) -> Record:
        """Set the state and say the reason in one transaction; one that is closed is left as it is.

        Raises:
            Rejected: the ticket is gone (`gone`) or did not take the state (`not_kept`).
        """
        current = await self._tickets.existing(record.id)
        if not current.is_open:
            return current
        note = {"article": _note(writing.comment)} if writing.comment else {}
        changed = await self._change(record.id, {"state": self._options.closed, **note})
        if self._tickets.record(changed).is_open:
            raise Rejected(f"ticket {record.id} is still open after it was closed", code="not_kept")
        return await self._tickets.whole(changed)

    async def reopen(self, record: Record, writing: Writing) -> Record:
        """Open a closed ticket, say why, and write our attributes, in one transaction."""
        current = await self._tickets.existing(record.id)
        if current.is_open:
            return await self.update(record, writing)
        note = {"article": _note(writing.comment)} if writing.comment else {}
        values = {**writing.fields, "state": self._options.open_state, **note}
        opened = self._kept(await self._change(record.id, values), writing.fields)
        if not opened.is_open:
            raise Rejected(f"ticket {record.id} is still closed after it was opened", code="not_kept")
        return opened

    @property
    def mark(self) -> str:
        """An instant, RFC 3339, a minute before the newest change that was told."""
        return self._mark

    async def changed_since(self, mark: str) -> AsyncIterator[Record]:
        """Tell our tickets that changed since `mark`; all at an empty one. Deleted ones are not told."""
        since = read_time(mark) if mark else read_time(BEGINNING)
        newest = since
        async for ticket in self._api.changed(await self._our_id(), _shown(since)):
            newest = max(newest, read_time(str(ticket["updated_at"])) - UNSETTLED)
            if text(ticket, mapping.KEY):
                yield self._tickets.record(ticket)
        self._mark = _shown(newest) if newest > read_time(BEGINNING) else ""

    async def _our_id(self) -> int:
        """Ask once who we are."""
        if not self._me:
            found = (await self._api.me()).get("id")
            if not isinstance(found, int):
                raise Retryable("an answer that holds no user", code="not_json")
            self._me = found
        return self._me

    async def _change(self, number: str, values: Mapping[str, object]) -> Json:
        changed = await self._api.change(number, values)
        if changed is None:
            raise gone(number)
        return changed

    def _kept(self, ticket: Json, written: Mapping[str, str]) -> Record:
        """Take what a write was answered with; raises Rejected where an attribute did not take what was written."""
        record = self._tickets.record(ticket)
        lost = sorted(name for name, value in written.items() if text(ticket, name) != value)
        if lost and record.is_open:
            reason = f"ticket {record.id} did not keep {', '.join(lost)}: is the attribute there, and long enough?"
            raise Rejected(reason, code="not_kept")
        return record


def _note(body: str, subject: str = "") -> dict[str, object]:
    named = {"subject": subject} if subject else {}
    return {**named, "body": body, "type": "note", "content_type": "text/plain", "internal": True}


def _shown(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _misconfigured(told: str) -> Retryable:
    return Retryable(told, code="misconfigured")
