"""A ticket as a record: whether it is done, by whom, why; whether it was merged or deleted.

A merged ticket is closed and has the tag `closed_by_merge`. No page tells where it says into which one: the comment
that closes it names it with a number sign.

Source: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_audits/ and
https://developer.zendesk.com/documentation/ticketing/reference-guides/ticket-audit-events-reference/
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from connectors.targets.zendesk.answers import Json
from connectors.targets.zendesk.api import Api
from contracts.connector import Record
from contracts.envelope import read_time
from contracts.errors import Retryable
from mappings.tickets import zendesk as mapping

SOMEBODY = "somebody"
FINAL, DELETED = "closed", "deleted"
MERGED = "closed_by_merge"
REASON_LIMIT = 500
_DONE = frozenset({"solved", FINAL, DELETED})
_NUMBER = re.compile(r"#(\d+)")


@dataclass(slots=True)
class Tickets:
    """Reads tickets. owned: the fields that we write at every update."""

    api: Api
    options: mapping.ZendeskOptions
    owned: Sequence[str]
    _names: dict[int, str] = field(default_factory=dict)
    _us: int = 0

    async def read(self, number: str) -> Record | None:
        """Read a ticket with whoever closed it; None where there is none."""
        found = await self.api.ticket(number) if number.isdecimal() else None
        return await self.whole(found) if found else None

    async def whole(self, found: Json) -> Record:
        """Take a ticket, with whoever closed it and whose it is."""
        record = await self.record(found)
        return record if record.is_open else await self._with_closing(record, found)

    async def record(self, found: Json) -> Record:
        """Take a ticket as it stands, without whoever closed it."""
        try:
            values, status = mapping.ticket_fields(found), str(found["status"])
            is_open = status not in _DONE
            record = Record(
                str(found["id"]),
                is_open,
                str(found["updated_at"]),
                {name: values.get(name, "") for name in self.owned},
                key=values.get(self.options.key_field, ""),
                idempotency_key=values.get(self.options.episode_field, ""),
                refused=not is_open and self.options.refused_tag in found["tags"],
                is_deleted=status == DELETED,
            )
        except (KeyError, TypeError) as error:
            raise Retryable(f"a ticket without {error}", code="not_json") from error
        assignee = found.get("assignee_id")
        return replace(record, assigned_to=await self._name(assignee)) if assignee else record

    async def us(self) -> int:
        """The id of the agent as whom we write."""
        self._us = self._us or int((await self.api.me())["id"] or 0)
        return self._us

    async def _with_closing(self, record: Record, found: Json) -> Record:
        if record.is_deleted:
            return replace(record, closed_by=SOMEBODY, closed_at=read_time(record.version))
        audits = await self.api.audits(record.id)
        closing = _closing(audits)
        by = int(closing["author_id"]) if closing else 0
        at = read_time(closing["created_at"]) if closing else None
        if MERGED in found["tags"]:
            into = _NUMBER.findall(" ".join(_comments([closing] if closing else [])))
            return replace(record, closed_by=await self._name(by), closed_at=at, merged_into=into[-1] if into else "")
        if closing and by == await self.us():
            return replace(record, closed_at=at)
        reasons = [text for audit in audits if audit["author_id"] == by for text in _comments([audit])]
        return replace(
            record,
            closed_by=await self._name(by),
            closed_at=at,
            closed_reason=" ".join(reasons[-1].split())[:REASON_LIMIT] if reasons else "",
            approved_by=await self._approver(audits) if self.options.approved_tag in found["tags"] else "",
        )

    async def _approver(self, audits: Sequence[Json]) -> str:
        tag = self.options.approved_tag
        adding = (
            audit
            for audit, event in _changes(audits, "tags")
            if tag in (event.get("value") or ()) and tag not in (event.get("previous_value") or ())
        )
        last = max(adding, key=lambda audit: int(audit["id"]), default=None)
        if last is None:
            return SOMEBODY
        return "" if last["author_id"] == await self.us() else await self._name(last["author_id"])

    async def _name(self, number: int) -> str:
        """Name a user; those below 1 are Zendesk itself, as an automation."""
        if number < 1:
            return "an automation" if number < 0 else SOMEBODY
        if number not in self._names:
            user = await self.api.user(number)
            self._names[number] = str((user or {}).get("name") or f"user {number}")
        return self._names[number]


def _closing(audits: Sequence[Json]) -> Json | None:
    """The newest change from a status that is open to one that is not."""
    closing = None
    for audit, event in _changes(audits, "status"):
        if event.get("value") in _DONE and event.get("previous_value") not in _DONE:
            closing = audit
    return closing


def _changes(audits: Sequence[Json], name: str) -> Iterator[tuple[Json, Json]]:
    for audit in audits:
        for event in audit["events"]:
            if event["type"] in {"Create", "Change"} and event.get("field_name") == name:
                yield audit, event


def _comments(audits: Sequence[Json]) -> list[str]:
    return [str(event["body"]) for audit in audits for event in audit["events"] if event["type"] == "Comment"]
