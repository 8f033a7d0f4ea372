"""Zendesk: tickets with audits, idempotency keys for two hours, safe updates, closing for good, merges, exports.

Idempotency: https://developer.zendesk.com/api-reference/ticketing/introduction/. Safe update (409 UpdateConflict), a
closed ticket (422), follow-ups:
https://developer.zendesk.com/documentation/ticketing/managing-tickets/creating-and-updating-tickets. The export leaves
out the last minute: .../managing-tickets/using-the-incremental-export-api; the search lags some minutes:
https://developer.zendesk.com/api-reference/ticketing/ticket-management/search/. Limits: 429 with Retry-After.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from operator import itemgetter
from typing import Any

from tests.fakes.described import violation
from tests.fakes.serving import Cloud, Reply, Request
from tests.fakes.zendesk_requests import REQUESTS

Row = dict[str, Any]
US, MEI, AUTOMATION = 501, 507, -1
KEPT = timedelta(hours=2)


@dataclass
class Zendesk(Cloud):
    """One account.

    key: the email and its API token. fields: its custom fields by id, with their types. recent: what an export leaves
    out. lag: of the search. ahead: how far its clock is before ours. page: rows of one answer. throttled: whether its
    limit is used up. violations: requests that no page allows.
    """

    key: str = "quayside@works.example/token:api token"
    fields: dict[str, str] = field(default_factory=dict)
    inactive: set[str] = field(default_factory=set)
    role: str = "agent"
    users: dict[int, str] = field(default_factory=lambda: {US: "Quayside", MEI: "Mei 梅"})
    tickets: dict[int, Row] = field(default_factory=dict)
    audits: dict[int, list[Row]] = field(default_factory=dict)
    recent: timedelta = timedelta(0)
    lag: timedelta = timedelta(0)
    ahead: timedelta = timedelta(0)
    page: int = 100
    throttled: bool = False
    violations: list[str] = field(default_factory=list)
    touched: dict[int, datetime] = field(default_factory=dict)
    _sent: dict[str, tuple[datetime, bytes, Reply]] = field(default_factory=dict)
    _ids: "count[int]" = field(default_factory=lambda: count(1001))

    def handle(self, request: Request) -> Reply:
        self.now = datetime.now(UTC) + self.ahead
        proof = request.headers.get("authorization", "").removeprefix("Basic ")
        if base64.b64decode(proof).decode() != self.key:
            return Reply(401, {"error": "Couldn't authenticate you"})
        if self.throttled:
            return Reply(429, {"error": "APIRateLimitExceeded"}, {"retry-after": "37"})
        if wrong := violation(REQUESTS, request):
            self.violations.append(wrong)
            return Reply(400, {"error": "BadRequest", "description": wrong})
        reply = self._route(request)
        return Reply(reply.status, reply.body, {"date": format_datetime(self.now, usegmt=True), **reply.headers})

    def _route(self, request: Request) -> Reply:  # noqa: PLR0911  one case for each request
        match request.method, request.path.removeprefix("/api/v2/").split("/"):
            case "POST", ["tickets"]:
                return self._once(request)
            case "GET", ["tickets"]:
                asked = request.params["external_id"]
                found = [one for one in self._live() if one["external_id"] == asked]
                return self._pages("tickets", found, request)
            case "GET", ["users", "me"]:
                return Reply(200, {"user": {"id": US, "name": self.users[US], "role": self.role}})
            case "GET", ["users", number]:
                return self._user(int(number))
            case "GET", ["ticket_fields"]:
                return self._pages("ticket_fields", self._described(), request)
            case "GET", ["search", "export"]:
                return self._search(request)
            case "GET", ["incremental", "tickets", "cursor"]:
                return self._export(request.params)
            case _, ["tickets", number, *rest]:
                return self._ticket(int(number), request, rest)
        return Reply(404, {"error": "InvalidEndpoint", "description": "Not found"})

    def _once(self, request: Request) -> Reply:
        """Create a ticket, unless the key came before."""
        key = request.headers.get("idempotency-key", "")
        sent = self._sent.get(key)
        if sent and self.now - sent[0] < KEPT:
            if sent[1] != request.body:
                told = "Request parameters are different from those of the previous request with this key"
                return Reply(400, {"error": "IdempotentRequestError", "description": told})
            return Reply(sent[2].status, sent[2].body, {"x-idempotency-lookup": "hit"})
        reply = self._create(request.json()["ticket"])
        if key and reply.status == 201:
            self._sent[key] = (self.now, request.body, Reply(201, json.loads(reply.raw)))
        return reply

    def _create(self, asked: Row) -> Reply:
        source = asked.get("via_followup_source_id")
        if source and self.tickets[source]["status"] != "closed":
            source = None
        number = next(self._ids)
        ticket: Row = {
            "id": number,
            "external_id": asked.get("external_id"),
            "status": "new",
            "tags": list(self.tickets[source]["tags"]) if source else [],
            "assignee_id": None,
            "followup_source": source,
            "requester_id": asked.get("requester_id", US),
            **dict.fromkeys(("subject", "priority", "type", "due_at")),
            "custom_fields": [{"id": int(one), "value": None} for one in self.fields],
        }
        if wrong := self._wrong(asked):
            return wrong
        self.tickets[number], self.audits[number] = ticket, []
        self.write(number, asked, US)
        return Reply(201, {"ticket": self._shown(ticket), "audit": self.audits[number][-1]})

    def _ticket(self, number: int, request: Request, rest: Sequence[str]) -> Reply:
        ticket = self.tickets.get(number)
        if ticket is None or ticket["status"] == "deleted":
            return Reply(404, {"error": "RecordNotFound", "description": "Not found"})
        if rest:
            return self._pages("audits", self.audits[number], request)
        if request.method == "GET":
            return Reply(200, {"ticket": self._shown(ticket)})
        return self._update(number, request.json()["ticket"])

    def _update(self, number: int, asked: Row) -> Reply:
        ticket = self.tickets[number]
        if asked.get("safe_update") and asked["updated_stamp"] != ticket["updated_at"]:
            told = "Safe Update prevented the update due to outdated ticket data."
            return Reply(409, {"error": "UpdateConflict", "description": told})
        if ticket["status"] == "closed":
            details = {"status": [{"description": "Status: closed prevents ticket update"}]}
            return Reply(422, {"error": "RecordInvalid", "description": "Record validation errors", "details": details})
        if wrong := self._wrong(asked):
            return wrong
        self.write(number, asked, US)
        return Reply(200, {"ticket": self._shown(ticket), "audit": self.audits[number][-1]})

    def _wrong(self, asked: Row) -> Reply | None:
        """Refuse what a ticket cannot hold. Custom fields that are not there are dropped without a word."""
        if len(asked.get("subject") or "") > 150:
            details = {"subject": [{"description": "Subject: is too long (maximum is 150 characters)"}]}
            return Reply(422, {"error": "RecordInvalid", "description": "Record validation errors", "details": details})
        return None

    def write(self, number: int, values: Mapping[str, Any], user: int) -> None:
        """Write values of a ticket, with their audit."""
        ticket, events = self.tickets[number], list[Row]()
        at = _time(datetime.now(UTC) + self.ahead)
        for one in values.get("custom_fields", ()):
            for there in ticket["custom_fields"]:
                if there["id"] == one["id"]:
                    there["value"] = one["value"]
        for name in ("subject", "priority", "type", "due_at", "status", "tags", "assignee_id"):
            if name in values and ticket[name] != values[name]:
                told = {"type": "Change", "field_name": name, "value": values[name], "previous_value": ticket[name]}
                events.append(told)
                ticket[name] = values[name]
        if comment := values.get("comment"):
            events.append({"type": "Comment", "body": comment["body"], "public": comment.get("public", True)})
        audit = {"id": next(self._ids), "ticket_id": number, "created_at": at, "author_id": user, "events": events}
        self.audits[number].append(audit)
        self._touch(number)

    def merge(self, number: int, into: int) -> None:
        """Merge a ticket into another, as people do."""
        comment = {"body": f"This request was closed and merged into request #{into}.", "public": False}
        tags = [*self.tickets[number]["tags"], "closed_by_merge"]
        self.write(number, {"status": "closed", "tags": tags, "comment": comment}, MEI)

    def delete(self, number: int) -> None:
        """Delete a ticket."""
        self.tickets[number]["status"] = "deleted"
        self._touch(number)

    def _touch(self, number: int) -> None:
        """Note the change: to the second where it is told, exactly where it orders an export."""
        self.touched[number] = datetime.now(UTC) + self.ahead
        self.tickets[number]["updated_at"] = _time(self.touched[number])

    def _live(self) -> list[Row]:
        return [self._shown(one) for one in self.tickets.values() if one["status"] != "deleted"]

    def _search(self, request: Request) -> Reply:
        name = request.params["query"].removeprefix("custom_field_").removesuffix(":*")
        seen = [one for one in self._live() if one["updated_at"] <= _time(self.now - self.lag)]
        found = [one for one in seen if {str(it["id"]): it["value"] for it in one["custom_fields"]}.get(name)]
        return self._pages("results", found, request)

    def _export(self, params: Mapping[str, str]) -> Reply:
        if "start_time" in params and self.now.timestamp() - int(params["start_time"]) < 60:
            return Reply(400, {"error": "InvalidValue", "description": "Too recent start_time."})
        begin = base64.b64decode(params["cursor"]).decode() if "cursor" in params else ""
        since = datetime.fromtimestamp(int(params.get("start_time", "0")), UTC)
        times = {number: at for number, at in self.touched.items() if since <= at <= self.now - self.recent}
        keyed = sorted(
            ((f"{at.isoformat()}|{one:09}", self.tickets[one]) for one, at in times.items()), key=itemgetter(0)
        )
        left = [(key, one) for key, one in keyed if key > begin]
        page = left[: self.page]
        cursor = base64.b64encode(page[-1][0].encode()).decode() if page else params.get("cursor")
        told = {"tickets": [self._shown(one) for _, one in page], "after_cursor": cursor}
        return Reply(200, told | {"end_of_stream": len(left) <= self.page})

    def _pages(self, name: str, rows: list[Row], request: Request) -> Reply:
        begin = int(request.params.get("page[after]", "0"))
        end = begin + min(self.page, int(request.params["page[size]"]))
        meta = {"has_more": end < len(rows), "after_cursor": str(end) if end < len(rows) else None}
        return Reply(200, {name: rows[begin:end], "meta": meta})

    def _user(self, number: int) -> Reply:
        if number not in self.users:
            return Reply(404, {"error": "RecordNotFound", "description": "Not found"})
        return Reply(200, {"user": {"id": number, "name": self.users[number], "role": "agent"}})

    def _described(self) -> list[Row]:
        own = {"1": "subject", "2": "priority", "3": "tickettype"}
        every = (own | self.fields).items()
        return [{"id": int(one), "type": kind, "active": one not in self.inactive} for one, kind in every]

    def _shown(self, ticket: Row) -> Row:
        copied: Row = json.loads(json.dumps(ticket))
        return copied


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
