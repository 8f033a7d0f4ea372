"""A ticket of Zammad as a record: who closed it, when and why, who approved it, what it was merged into.

All of that is read from the ticket's history. What the ticket's own creator did was done by us.

Source: `GET /api/v1/ticket_history/ID`, which no page describes:
https://github.com/zammad/zammad/blob/develop/app/models/history.rb (its shape) and
https://github.com/zammad/zammad/blob/develop/app/models/ticket.rb (`merged_into`)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connectors.targets.zammad.api import Json, Zammad
from contracts.connector import Record
from contracts.envelope import read_time
from contracts.errors import Rejected, Retryable
from mappings.tickets import zammad as mapping

SOMEBODY = "somebody"
NOBODY = "-"
"""The login of the user who owns what nobody owns."""
MERGED = "merged"
REASON_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Tickets:
    """Reads tickets. owned: the attributes that we write at every update."""

    api: Zammad
    options: mapping.ZammadOptions
    owned: tuple[str, ...]

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
        record = self.record(ticket)
        return record if record.is_open else await self._with_closing(record, ticket)

    def record(self, ticket: Json) -> Record:
        """Take a ticket as it stands."""
        state, owner = str(ticket["state"]), str(ticket.get("owner") or NOBODY)
        return Record(
            str(ticket["id"]),
            not self.options.is_closed(state),
            str(ticket["updated_at"]),
            {name: text(ticket, name) for name in self.owned},
            key=text(ticket, mapping.KEY),
            idempotency_key=text(ticket, mapping.EPISODE),
            refused=self.options.is_refused(state),
            assigned_to="" if owner == NOBODY else owner,
        )

    async def _with_closing(self, record: Record, ticket: Json) -> Record:
        told = await self.api.history(record.id)
        changes = _of_ticket(told, record.id)
        into = next((str(one["id_to"]) for one in reversed(changes) if one.get("type") == "merged_into"), "")
        record = replace(record, merged_into=into if ticket["state"] == MERGED else "")
        closing = self._closing(changes)
        if closing is None:
            return replace(record, closed_by=SOMEBODY)
        at, ours = read_time(str(closing["created_at"])), ticket["created_by_id"]
        if closing.get("created_by_id") == ours:
            return replace(record, closed_at=at)
        approval = self._approval(changes) if self._is_approved(ticket) else None
        return replace(
            record,
            closed_by=_name(told, closing),
            closed_at=at,
            closed_reason=await self._reason(record.id, closing.get("created_by_id")),
            approved_by=_name(told, approval) if approval and approval.get("created_by_id") != ours else "",
        )

    def _closing(self, changes: Sequence[Json]) -> Json | None:
        """The change that closed it: the first one after it was last open."""
        closing = None
        for change in changes:
            if change.get("attribute") != "state":
                continue
            is_closed = self.options.is_closed(str(change.get("value_to")))
            closing = (closing or change) if is_closed else None
        return closing

    def _is_approved(self, ticket: Json) -> bool:
        return text(ticket, self.options.approval_attribute) == self.options.approved

    def _approval(self, changes: Sequence[Json]) -> Json | None:
        name, approved = self.options.approval_attribute, self.options.approved
        given = (one for one in reversed(changes) if one.get("attribute") == name and one.get("value_to") == approved)
        return next(given, None)

    async def _reason(self, number: str, by: object) -> str:
        """What the same person wrote last on it; where it was merged its articles went with it."""
        articles = await self.api.articles(number)
        spoken = (mapping.said(one) for one in reversed(articles) if one.get("created_by_id") == by)
        return next(spoken, "")[:REASON_LIMIT]


def gone(number: str) -> Rejected:
    """Say that a ticket is not there."""
    return Rejected(f"ticket {number} no longer exists", code="gone")


def text(ticket: Mapping[str, Any], name: str) -> str:
    """An attribute as text; empty where it is not set, or not there."""
    found = ticket.get(name)
    return "" if found is None else str(found).replace("\r\n", "\n")


def _of_ticket(told: Json, number: str) -> list[Json]:
    found = told.get("history")
    if not isinstance(found, list):
        raise Retryable("a history that is no list", code="not_json")
    return [one for one in found if one.get("object") == "Ticket" and str(one.get("o_id")) == number]


def _name(told: Json, change: Json) -> str:
    """Name who made a change, from the people that come along with the history."""
    number = str(change.get("created_by_id"))
    user = ((told.get("assets") or {}).get("User") or {}).get(number) or {}
    name = " ".join(str(user.get(part) or "") for part in ("firstname", "lastname")).strip()
    return name or str(user.get("login") or f"user {number}")
