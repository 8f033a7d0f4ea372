"""Writing tickets to Zendesk, and reading what people did there."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from connectors.targets.zendesk.answers import Json
from connectors.targets.zendesk.api import Api
from connectors.targets.zendesk.tickets import FINAL, MERGED, Tickets
from contracts.connector import Record, Writing
from contracts.errors import QuaysideError, Rejected, Retryable
from contracts.identity import digest
from contracts.settings import TargetAccount
from mappings.tickets import zendesk as mapping

SEARCH_LAG = timedelta(hours=1)
"""How far back is read by the export what the search may not have seen: "a few minutes", says its page."""
_CURSOR, _START = "cursor", "start"


class ZendeskSession:
    """One account's tickets."""

    def __init__(self, api: Api, account: TargetAccount) -> None:
        """Take the API and the account."""
        self._api = api
        self._options = mapping.options_of(account)
        self._tickets = Tickets(api, self._options, mapping.owned(account))
        self._mark = ""
        self._fits = False

    async def look_up(self, key: str) -> Sequence[Record]:
        """Find every episode's ticket of a task, the oldest first, by the external id that they share."""
        records = [await self._tickets.whole(found) for found in await self._found(key)]
        return [record for record in records if record.key == key]

    async def read(self, record_id: str) -> Record | None:
        """Read a ticket; None where there is none."""
        return await self._tickets.read(record_id)

    async def create(self, writing: Writing) -> Record:
        """Create a ticket; as a follow-up where the one before is closed for good. The same key gives the same one."""
        await self._look_at_fields()
        existing = await self._found(writing.key)
        if made := await self._of_episode(existing, writing):
            return made
        ticket = {
            **mapping.ticket_values({**writing.fields, **self._keys(writing)}),
            **self._options.new_ticket(),
            "external_id": digest(writing.key),
            "comment": {"body": writing.fields[self._options.details_field], "public": False},
        }
        before = existing[-1] if existing else None
        if before and before["status"] == FINAL and MERGED not in before["tags"]:
            ticket["via_followup_source_id"] = before["id"]
        try:
            found = await self._api.create(ticket, writing.idempotency_key)
        except QuaysideError as error:
            if error.code == "conflict" and (late := await self._of_episode(await self._found(writing.key), writing)):
                return late
            raise
        return await self._kept(found, {**writing.fields, **self._keys(writing)})

    async def update(self, record: Record, writing: Writing) -> Record:
        """Write our fields where nobody closed it, unless it changed since it was read; once more where it did.

        Raises:
            Rejected: the ticket is gone (`gone`) or did not keep what was written (`not_kept`).
            Retryable: people change it faster than it can be read (`changed`).
        """
        return await self._write(record.id, mapping.ticket_values(writing.fields), writing.fields, writing.comment)

    async def close(self, record: Record, writing: Writing) -> Record:
        """Solve a ticket and say why, in one call. Zendesk closes it for good by itself, days later."""
        solved = await self._write(record.id, {"status": "solved"}, {}, writing.comment)
        if solved.is_open:
            raise Rejected(f"ticket {record.id} is still open after it was solved", code="not_kept")
        return solved

    async def reopen(self, record: Record, writing: Writing) -> Record:
        """Open a solved ticket again, say why and write our fields, in one call; one that is open stays so.

        Raises:
            Rejected: the ticket is gone (`gone`), was merged into another (`merged`), or is closed for good (`final`).
        """
        found = await self._api.ticket(record.id)
        if found is None:
            raise _gone(record.id)
        current = await self._tickets.whole(found)
        if current.is_open:
            return current
        if MERGED in found["tags"]:
            raise Rejected(f"ticket {record.id} was merged into {current.merged_into or 'another'}", code="merged")
        if found["status"] == FINAL:
            raise Rejected(f"ticket {record.id} is closed for good: only a new one can follow it", code="final")
        values = {**mapping.ticket_values(writing.fields), "status": "open"}
        changed = await self._api.change(record.id, {**values, **_safely(current), **_said(writing.comment)})
        if changed is None:
            raise Retryable(f"ticket {record.id} changes while it is opened again", code="changed")
        return await self._kept(changed, writing.fields)

    @property
    def mark(self) -> str:
        """A cursor of the incremental export, or from when on it is to be read, where it gave none yet."""
        return self._mark

    async def changed_since(self, mark: str) -> AsyncIterator[Record]:
        """Tell our tickets that changed since `mark`, deleted ones among them; all at an empty one.

        All of ours come from the search, since the export would give every ticket of the company.
        """
        kind, _, place = mark.partition(":")
        if mark and (kind not in {_CURSOR, _START} or (kind == _START and not place.isdecimal())):
            raise Rejected(f"neither a cursor of an export nor its start: {mark!r}", code="bad_mark")
        if not mark:
            kind, place = _START, str(int((await self._api.time() - SEARCH_LAG).timestamp()))
            async for found in self._api.found(f"custom_field_{self._options.episode_field}:*"):
                yield replace(await self._tickets.record(found), version="")
        page = await (self._api.exported(cursor=place) if kind == _CURSOR else self._api.exported(start=int(place)))
        while True:
            for found in page.tickets:
                record = await self._tickets.record(found)
                if record.key:
                    yield replace(record, version="")
            if page.is_last:
                break
            page = await self._api.exported(cursor=page.cursor)
        self._mark = f"{_CURSOR}:{page.cursor}" if page.cursor else f"{kind}:{place}"

    async def _write(self, number: str, values: Mapping[str, Any], written: Mapping[str, str], comment: str) -> Record:
        for _ in range(2):
            current = await self._tickets.read(number)
            if current is None:
                raise _gone(number)
            if not current.is_open:
                return current
            changed = await self._api.change(number, {**values, **_safely(current), **_said(comment)})
            if changed is not None:
                return await self._kept(changed, written)
        raise Retryable(f"ticket {number} changes faster than it can be read", code="changed")

    async def _kept(self, found: Json, written: Mapping[str, str]) -> Record:
        """Take the ticket that a write was answered with; raises Rejected where it is open and lacks some of it."""
        record, values = await self._tickets.whole(found), mapping.ticket_fields(found)
        lost = sorted(name for name, value in written.items() if values.get(name, "") != value)
        if lost and record.is_open:
            raise Rejected(f"ticket {record.id} did not keep {', '.join(lost)}", code="not_kept")
        return record

    async def _look_at_fields(self) -> None:
        """Make sure, once, that the fields for our keys and the text are there.

        A value for one that is missing is dropped without an error: every try would be one ticket more. Raises
        Retryable (`misconfigured`), since an operator mends it over there.
        """
        if self._fits:
            return
        there = {str(one["id"]) async for one in self._api.fields() if one.get("active")}
        if missing := [name for name in self._options.always() if name not in there]:
            told = f"Zendesk has no active ticket fields {', '.join(missing)}"
            raise Retryable(told, code="misconfigured")
        self._fits = True

    async def _found(self, key: str) -> list[Json]:
        return sorted(await self._api.of_external_id(digest(key)), key=lambda found: int(found["id"]))

    async def _of_episode(self, tickets: Sequence[Json], writing: Writing) -> Record | None:
        """The ticket that an earlier try made."""
        for found in tickets:
            if mapping.ticket_fields(found).get(self._options.episode_field) == writing.idempotency_key:
                return await self._tickets.whole(found)
        return None

    def _keys(self, writing: Writing) -> dict[str, str]:
        return {self._options.key_field: writing.key, self._options.episode_field: writing.idempotency_key}


def _safely(current: Record) -> dict[str, Any]:
    return {"safe_update": True, "updated_stamp": current.version}


def _said(comment: str) -> dict[str, Any]:
    return {"comment": {"body": comment, "public": False}} if comment else {}


def _gone(number: str) -> Rejected:
    return Rejected(f"ticket {number} no longer exists", code="gone")
