"""A Zammad whose REST API answers as documented, from its own tickets, articles and history.

https://docs.zammad.org/en/latest/api/ticket/index.html and .../articles.html; what these pages leave out:
https://github.com/zammad/zammad (tickets_controller.rb, can_search.rb, history.rb, ticket.rb, handles_errors.rb). Its
moods:

    an attribute that is not there is left out of a write         param_cleanup
    a condition on one that is not there                          422, ActiveRecord::StatementInvalid
    a group, state, priority or customer that is not there        422, association_name_to_id_convert
    blanks in a title become plain ones, an empty text null        ticket.rb, check_title
    a merged ticket keeps no article, and is in the state merged  ticket.rb, merge_to
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mappings.tickets.zammad import DEFAULT_FIELDS
from tests.fakes.published import mistakes_of

TOKEN = "the token of our user"
OURS, MEI, CHEN = 7, 8, 9
PEOPLE = {
    1: {"id": 1, "login": "-", "firstname": "-", "lastname": ""},
    OURS: {"id": OURS, "login": "quayside@example.com", "firstname": "Quayside", "lastname": ""},
    MEI: {"id": MEI, "login": "mei@example.com", "firstname": "Mei", "lastname": "林"},
    CHEN: {"id": CHEN, "login": "chen@example.com", "firstname": "Chen", "lastname": "陈"},
}
STATES = ("new", "open", "pending reminder", "pending close", "closed", "merged", "removed")
PRIORITIES = ("1 low", "2 normal", "3 high")
OWN = {"title", "priority", "state", "group", "owner_id", "customer_id"}
ADDED = {name for name in DEFAULT_FIELDS if name.startswith("quayside_")}
Json = dict[str, Any]


@dataclass
class Helpdesk:
    """Its tickets, articles and history.

    added: the attributes that its administrator added. page: at most so many are found at a time. is_newer:
    whether its searches answer as those of newer releases. mistakes: what was asked against what is published.
    """

    added: set[str] = field(
        default_factory=lambda: ADDED | {"quayside_task", "quayside_key", "quayside_episode", "quayside_approval"}
    )
    page: int = 200
    is_newer: bool = False
    tickets: dict[int, Json] = field(default_factory=dict)
    articles: list[Json] = field(default_factory=list)
    history: list[Json] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        """Begin as an installed Zammad does, with one ticket that is not ours."""
        self.create({"title": "Welcome to Zammad!", "group": "Users", "article": {"body": "Welcome!"}}, 1)

    def create(self, values: Mapping[str, Any], by: int) -> Json:
        """Make a ticket."""
        number = next(self._numbers)
        ticket = {"id": number, "number": str(22000 + number), "created_by_id": by, "created_at": _now()}
        ticket |= {"state": "new", "priority": "2 normal", "owner_id": 1, "customer_id": by, "title": ""}
        self.tickets[number] = ticket
        self._log(number, by, type="created")
        self.write(number, values, by)
        return ticket

    def write(self, number: int, values: Mapping[str, Any], by: int) -> None:
        """Write attributes and add an article, with a line of history for each change."""
        ticket = self.tickets[number]
        for name in sorted((OWN | self.added) & set(values)):
            value, before = values[name], ticket.get(name)
            value = re.sub(r"\s", " ", value) if name == "title" else value or None
            if value != before:
                ticket[name] = value
                changed = {"attribute": name, "value_from": str(before or ""), "value_to": str(value or "")}
                self._log(number, by, type="updated", **changed)
        if article := values.get("article"):
            self.articles.append({"content_type": "text/html", **article, "ticket_id": number, "created_by_id": by})
        ticket |= {"updated_at": _now(), "updated_by_id": by}

    def merge(self, number: int, into: int, by: int) -> None:
        """Merge a ticket into another, as `merge_to` does."""
        for article in self.articles:
            if article["ticket_id"] == number:
                article["ticket_id"] = into
        self._log(number, by, type="merged_into", id_to=into, id_from=number)
        self.write(number, {"state": "merged", "owner_id": 1, "article": {"body": "merged"}}, by)

    def shown(self, ticket: Json) -> Json:
        """A ticket with `expand`: names beside ids, and every attribute that there is."""
        people = {"owner": PEOPLE[ticket["owner_id"]]["login"], "customer": PEOPLE[ticket["customer_id"]]["login"]}
        return {**dict.fromkeys(self.added), **ticket, **people}

    def refusal(self, values: Mapping[str, Any]) -> Response | None:
        """Refuse names that are not there."""
        known = {"state": STATES, "priority": PRIORITIES, "group": ("Users", "Deliveries")}
        known["customer"] = tuple(str(user["login"]) for user in PEOPLE.values())
        for name, there in known.items():
            if name in values and values[name] not in there:
                return _error(422, f"No lookup value found for '{name}': \"{values[name]}\"")
        return None

    async def one(self, request: Request) -> Response:
        """`GET` and `PUT /api/v1/tickets/ID`."""
        if refused := _refused(request):
            return refused
        number = int(request.path_params["number"])
        self.mistakes += mistakes_of("zammad", "one", dict(request.query_params))
        values = await self._body(request, "update") if request.method == "PUT" else {}
        if number not in self.tickets:
            return _error(404, f"Couldn't find Ticket with 'id'={number}")
        if refused := self.refusal(values):
            return refused
        if values:
            self.write(number, values, OURS)
        return JSONResponse(self.shown(self.tickets[number]))

    async def all(self, request: Request) -> Response:
        """`GET` and `POST /api/v1/tickets`."""
        if refused := _refused(request):
            return refused
        if request.method == "GET":
            self.mistakes += mistakes_of("zammad", "list", dict(request.query_params))
            return JSONResponse([self.shown(ticket) for ticket in self.tickets.values()][:100])
        self.mistakes += mistakes_of("zammad", "one", dict(request.query_params))
        values = await self._body(request, "create")
        if refused := self.refusal(values):
            return refused
        return JSONResponse(self.shown(self.create(values, OURS)), 201)

    async def search(self, request: Request) -> Response:
        """`GET /api/v1/tickets/search` by condition, which is answered by the database."""
        if refused := _refused(request):
            return refused
        params = dict(request.query_params)
        self.mistakes += mistakes_of("zammad", "search", params)
        found = [self.shown(ticket) for ticket in self.tickets.values()]
        for name, operator in params.items():
            if not (match := re.fullmatch(r"condition\[ticket\.([a-z_]+)\]\[operator\]", name)):
                continue
            attribute, wanted = match[1], params[name.replace("[operator]", "[value]")]
            if attribute not in {*OWN, *self.added, "created_by_id", "updated_at"}:
                return _error(422, f"PG::UndefinedColumn: column tickets.{attribute} does not exist")
            found = [one for one in found if _holds(one.get(attribute), operator, wanted)]
        found.sort(key=lambda one: one[params.get("sort_by", "updated_at")], reverse=params.get("order_by") != "asc")
        size = min(int(params.get("per_page", 50)), self.page)
        begin = (int(params.get("page", 1)) - 1) * size
        page = found[begin : begin + size]
        if params.get("expand") == "true":
            return JSONResponse(page)
        if self.is_newer:
            return JSONResponse({"records": page, "total_count": len(found)})
        assets = {"Ticket": {str(one["id"]): one for one in page}}
        return JSONResponse({"tickets": [one["id"] for one in page], "tickets_count": len(page), "assets": assets})

    async def history_of(self, request: Request) -> Response:
        """`GET /api/v1/ticket_history/ID`."""
        if refused := _refused(request):
            return refused
        number = int(request.path_params["number"])
        self.mistakes += mistakes_of("zammad", "nothing", dict(request.query_params))
        lines = [line for line in self.history if line["o_id"] == number]
        people = {str(line["created_by_id"]): PEOPLE[line["created_by_id"]] for line in lines}
        return JSONResponse({"history": lines, "assets": {"User": people}})

    async def articles_of(self, request: Request) -> Response:
        """`GET /api/v1/ticket_articles/by_ticket/ID`."""
        if refused := _refused(request):
            return refused
        number = int(request.path_params["number"])
        self.mistakes += mistakes_of("zammad", "nothing", dict(request.query_params))
        return JSONResponse([article for article in self.articles if article["ticket_id"] == number])

    async def listed(self, request: Request) -> Response:
        """`GET /api/v1/users/me` and `/ticket_states`; `/groups` is an administrator's."""
        if refused := _refused(request):
            return refused
        match request.url.path.rpartition("/")[2]:
            case "me":
                self.mistakes += mistakes_of("zammad", "one", dict(request.query_params))
                return JSONResponse({**PEOPLE[OURS], "groups": {"Users": ["read"], "Deliveries": ["full"]}})
            case "groups":
                return _error(403, "Not authorized")
            case _:
                self.mistakes += mistakes_of("zammad", "list", dict(request.query_params))
                return JSONResponse([{"id": n, "name": name, "active": True} for n, name in enumerate(STATES, 1)])

    def _log(self, number: int, by: int, **line: object) -> None:
        self.history.append({"object": "Ticket", "o_id": number, "created_by_id": by, "created_at": _now(), **line})

    async def _body(self, request: Request, what: str) -> Json:
        values: Json = json.loads(await request.body())
        self.mistakes += mistakes_of("zammad", what, values)
        return values


def _refused(request: Request) -> Response | None:
    if request.headers.get("authorization") == f"Token token={TOKEN}":
        return None
    return _error(401, "Invalid BasicAuth credentials")


def _holds(value: object, operator: str, wanted: str) -> bool:
    return str(value or "") >= wanted if operator == "after (absolute)" else str(value or "") == wanted


def _error(status: int, sentence: str) -> Response:
    return JSONResponse({"error": sentence, "error_human": sentence}, status)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def app_of(desk: Helpdesk) -> Starlette:
    """Give it as an application."""
    return Starlette(
        routes=[
            Route("/api/v1/tickets/search", desk.search),
            Route("/api/v1/tickets", desk.all, methods=["GET", "POST"]),
            Route("/api/v1/tickets/{number:int}", desk.one, methods=["GET", "PUT"]),
            Route("/api/v1/ticket_history/{number:int}", desk.history_of),
            Route("/api/v1/ticket_articles/by_ticket/{number:int}", desk.articles_of),
            Route("/api/v1/users/me", desk.listed),
            Route("/api/v1/groups", desk.listed),
            Route("/api/v1/ticket_states", desk.listed),
        ]
    )
