"""A Freshdesk account whose API v2 answers as https://developers.freshdesk.com/api/ says, from its own tickets.

a search by a custom field knows what changed minutes ago, and nothing newer     #filter_tickets, "indexing"
a list leaves out what was deleted, spam, and without `updated_since` what is old #list_all_tickets
a field that is not there is refused: 400, invalid_field                          #error
a note and a change of fields are two calls; nothing tells who changed what       #add_note_to_a_ticket
a merged ticket is closed, with a private note that says so                       #merge_tickets
"""

import base64
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mappings.tickets.freshdesk import DEFAULT_FIELDS
from tests.fakes.published import mistakes_of

KEY = "the key of our agent"
OURS, MEI = 41, 42
AGENTS = {OURS: "Quayside", MEI: "Mei Lin 林梅"}
STATUSES = {"2": ["Open"], "3": ["Pending"], "4": ["Resolved"], "5": ["Closed"], "9": ["Refused"]}
INDEXED_AFTER = timedelta(minutes=5)
OWN = {"subject", "description", "status", "priority", "source", "group_id", "type", "responder_id", "email"}
ADDED = {name for name in DEFAULT_FIELDS if name.startswith("cf_")}
Json = dict[str, Any]


@dataclass
class Account:
    """Its tickets and what was said on them.

    added: the custom fields that its administrator added. page: at most so many are listed at a time. mistakes: what
    was asked against what is published. may_read_agents: whether our agent may see others.
    """

    added: set[str] = field(
        default_factory=lambda: (
            ADDED
            | {"cf_quayside_task", "cf_quayside_key", "cf_quayside_episode", "cf_quayside_closed"}
            | {"cf_quayside_approver"}
        )
    )
    page: int = 100
    may_read_agents: bool = True
    tickets: dict[int, Json] = field(default_factory=dict)
    said: list[Json] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def write(self, number: int, values: Mapping[str, Any]) -> None:
        """Write fields, and when it was resolved or closed."""
        ticket = self.tickets[number]
        custom = ticket.setdefault("custom_fields", dict.fromkeys(self.added))
        custom |= values.get("custom_fields") or {}
        before = ticket.get("status")
        ticket |= {name: value for name, value in values.items() if name in {*OWN, "deleted", "spam"}}
        ticket["updated_at"] = _now()
        stats = ticket.setdefault("stats", {"resolved_at": None, "closed_at": None})
        if ticket.get("status") != before:
            stats["resolved_at"] = _now() if ticket["status"] in {4, 5} else None
            stats["closed_at"] = _now() if ticket["status"] == 5 else None

    def say(self, number: int, by: int, markup: str) -> Json:
        """Add a private note."""
        text = html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"<br>", "\n", markup)))
        note = {"id": len(self.said) + 1, "ticket_id": number, "user_id": by, "body": markup, "body_text": text}
        self.said.append({**note, "incoming": False, "private": True, "created_at": _now(), "updated_at": _now()})
        self.tickets[number]["updated_at"] = _now()
        return note

    def merge(self, number: int, into: int, by: int) -> None:
        """Merge a ticket into another."""
        self.say(number, by, f"<div>This ticket is closed and merged into ticket {into}</div>")
        self.write(number, {"status": 5})

    def refusal(self, values: Mapping[str, Any]) -> Response | None:
        """Refuse what tickets do not have."""
        unknown = sorted(set(values.get("custom_fields") or {}) - self.added)
        errors = [
            {"field": name, "message": "Unexpected/invalid field in request", "code": "invalid_field"}
            for name in unknown
        ]
        if "status" in values and str(values["status"]) not in STATUSES:
            errors.append({"field": "status", "message": "It should be one of these values", "code": "invalid_value"})
        if not errors:
            return None
        return JSONResponse({"description": "Validation failed", "errors": errors}, 400)

    async def one(self, request: Request) -> Response:
        """`GET` and `PUT /api/v2/tickets/ID`."""
        if refused := _refused(request):
            return refused
        number = int(request.path_params["number"])
        self.mistakes += mistakes_of("freshdesk", "view", dict(request.query_params))
        values = await self._body(request, "update") if request.method == "PUT" else {}
        if number not in self.tickets:
            return Response(status_code=404)
        if refused := self.refusal(values):
            return refused
        if values:
            self.write(number, values)
        return JSONResponse(_shown(self.tickets[number], with_stats=request.query_params.get("include") == "stats"))

    async def all(self, request: Request) -> Response:
        """`GET` and `POST /api/v2/tickets`."""
        if refused := _refused(request):
            return refused
        if request.method == "POST":
            values = await self._body(request, "create")
            if refused := self.refusal(values):
                return refused
            number = next(self._numbers)
            self.tickets[number] = {"id": number, "created_at": _now(), "responder_id": None, "spam": False}
            self.write(number, values)
            return JSONResponse(_shown(self.tickets[number]), 201)
        params = dict(request.query_params)
        self.mistakes += mistakes_of("freshdesk", "list", params)
        there = [one for one in self.tickets.values() if not one.get("deleted") and not one.get("spam")]
        found = [one for one in there if one["updated_at"] >= params.get("updated_since", "")]
        found.sort(key=lambda one: one[params["order_by"]], reverse=params["order_type"] == "desc")
        return JSONResponse([_shown(one) for one in self._page(found, params)])

    async def search(self, request: Request) -> Response:
        """`GET /api/v2/search/tickets`."""
        if refused := _refused(request):
            return refused
        params = dict(request.query_params)
        self.mistakes += mistakes_of("freshdesk", "search", params)
        match = re.fullmatch(r"\"(cf_[a-z0-9_]+):'([^']*)'\"", params["query"])
        assert match, params["query"]
        if match[1] not in self.added:
            return self.refusal({"custom_fields": {match[1]: ""}}) or Response(status_code=400)
        until = (datetime.now(UTC) - INDEXED_AFTER).strftime("%Y-%m-%dT%H:%M:%SZ")
        indexed = [one for one in self.tickets.values() if one["updated_at"] <= until]
        found = [one for one in indexed if one["custom_fields"].get(match[1]) == match[2]]
        page = self._page(found, {"per_page": "30", **params})
        return JSONResponse({"total": len(found), "results": [_shown(one) for one in page]})

    async def conversations(self, request: Request) -> Response:
        """`GET /api/v2/tickets/ID/conversations`."""
        if refused := _refused(request):
            return refused
        self.mistakes += mistakes_of("freshdesk", "pages", dict(request.query_params))
        said = [one for one in self.said if one["ticket_id"] == request.path_params["number"]]
        return JSONResponse(self._page(said, dict(request.query_params)))

    async def note(self, request: Request) -> Response:
        """`POST /api/v2/tickets/ID/notes`."""
        if refused := _refused(request):
            return refused
        values = await self._body(request, "note")
        return JSONResponse(self.say(request.path_params["number"], OURS, values["body"]), 201)

    async def agent(self, request: Request) -> Response:
        """`GET /api/v2/agents/ID` and `/me`."""
        if refused := _refused(request):
            return refused
        asked = request.path_params["who"]
        if asked != "me" and not self.may_read_agents:
            told = {"code": "access_denied", "message": "You are not authorized to perform this action."}
            return JSONResponse(told, 403)
        number = OURS if asked == "me" else int(asked)
        return JSONResponse({"id": number, "contact": {"name": AGENTS[number]}})

    async def ticket_fields(self, request: Request) -> Response:
        """`GET /api/v2/ticket_fields`."""
        if refused := _refused(request):
            return refused
        custom = [{"name": name, "type": "custom_text"} for name in sorted(self.added)]
        return JSONResponse([{"name": "status", "type": "default_status", "choices": STATUSES}, *custom])

    def _page(self, found: list[Json], params: Mapping[str, str]) -> list[Json]:
        size = min(int(params.get("per_page", 30)), self.page)
        begin = (int(params.get("page", 1)) - 1) * size
        return found[begin : begin + size]

    async def _body(self, request: Request, what: str) -> Json:
        values: Json = json.loads(await request.body())
        self.mistakes += mistakes_of("freshdesk", what, values)
        return values


def _shown(ticket: Json, *, with_stats: bool = False) -> Json:
    """A ticket as it is told: the stats only where they are asked for, and never its requester's address."""
    return {name: value for name, value in ticket.items() if name != "email" and (with_stats or name != "stats")}


def _refused(request: Request) -> Response | None:
    given = base64.b64decode(request.headers.get("authorization", "").removeprefix("Basic ")).decode()
    if given == f"{KEY}:X":
        return None
    told = {"code": "invalid_credentials", "message": "You have to be logged in to perform this action."}
    return JSONResponse(told, 401)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def app_of(account: Account) -> Starlette:
    """Give it as an application."""
    return Starlette(
        routes=[
            Route("/api/v2/search/tickets", account.search),
            Route("/api/v2/tickets", account.all, methods=["GET", "POST"]),
            Route("/api/v2/tickets/{number:int}", account.one, methods=["GET", "PUT"]),
            Route("/api/v2/tickets/{number:int}/conversations", account.conversations),
            Route("/api/v2/tickets/{number:int}/notes", account.note, methods=["POST"]),
            Route("/api/v2/agents/{who}", account.agent),
            Route("/api/v2/ticket_fields", account.ticket_fields),
        ]
    )
