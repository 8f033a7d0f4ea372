"""A ServiceNow instance whose Table API answers as documented: incidents, their approvals, the dictionary, OAuth.

https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html. Its moods:

    a condition on a column that is not there is left out        property glide.invalid_query.returns_no_rows, false
    a column that is not there, or not ours to write, is dropped https://support.servicenow.com/kb?...=KB2971488
    resolving asks for a code and notes                          403, a data policy
    too many requests                                            429 with Retry-After, inbound-REST-API-rate-limiting
"""

import base64
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from contracts.identity import digest
from tests.fakes.published import mistakes_of

USER, PASSWORD = "quayside.integration", "a password: with a colon"
CLIENT = "0123456789abcdef:an application's secret"
COLUMNS = {
    *("sys_id", "number", "state", "approval", "urgency", "short_description", "description", "due_date"),
    *("correlation_id", "correlation_display", "assignment_group", "assigned_to", "close_code", "close_notes"),
    *("sys_created_by", "sys_created_on", "sys_updated_by", "sys_updated_on", "sys_mod_count", "caller_id"),
    *("resolved_by", "resolved_at", "closed_by", "closed_at", "work_notes", "comments"),
}
JOURNALS = {"work_notes", "comments"}
DONE = {"6": "resolved", "7": "closed", "8": "closed"}
Row = dict[str, str]


@dataclass
class Instance:
    """Its records, and its moods.

    added: columns that its administrator added. unwritable: those that our user may not write. people: names by user
    name. journal: what was said, by record. mistakes: what was asked against the published description.
    """

    added: set[str] = field(default_factory=lambda: {"u_quayside_key"})
    unwritable: set[str] = field(default_factory=set)
    people: dict[str, str] = field(default_factory=lambda: {USER: "Quayside"})
    incidents: dict[str, Row] = field(default_factory=dict)
    approvals: list[Row] = field(default_factory=list)
    journal: list[tuple[str, str]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    is_dictionary_shown: bool = True
    mistakes: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def write(self, row: Row, values: Row, by: str) -> None:
        """Write columns as the platform does: who, when, how often, and who resolved or closed it."""
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        kept = {name: value for name, value in values.items() if name in COLUMNS | self.added}
        self.journal += [(row["sys_id"], kept.pop(name)) for name in sorted(JOURNALS & set(kept)) if kept[name]]
        if (how := DONE.get(kept.get("state", ""))) and row.get("state") != kept["state"]:
            kept |= {f"{how}_by": by, f"{how}_at": now}
        changed = any(row.get(name, "") != value for name, value in kept.items())
        row |= kept
        if changed:
            row |= {"sys_updated_by": by, "sys_updated_on": now}
            row["sys_mod_count"] = str(int(row.get("sys_mod_count", "-1")) + 1)

    def create(self, values: Row, by: str) -> Row:
        """Make an incident."""
        number = next(self._numbers)
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        row = dict.fromkeys((COLUMNS | self.added) - JOURNALS, "")
        row |= {"sys_id": digest(str(number), str(id(self))), "number": f"INC{number:07}", "state": "1"}
        row |= {"sys_mod_count": "-1", "sys_created_by": by, "sys_created_on": now, "approval": "not requested"}
        self.incidents[row["sys_id"]] = row
        self.write(row, values, by)
        return row

    def shown(self, row: Row, columns: list[str]) -> dict[str, str]:
        """Give columns of a row, those of a user through the reference; what is not there is left out."""
        told = {}
        for column in columns:
            reference, _, of_user = column.partition(".")
            user = row.get(reference, "")
            if of_user:
                told[column] = "" if not user else user if of_user == "user_name" else self.people.get(user, "")
            elif column in row:
                told[column] = row[column]
        return told

    def rows_of(self, table: str) -> list[Row]:
        """Give the rows of a table."""
        if table == "sysapproval_approver":
            return self.approvals
        if table == "sys_dictionary":
            there = sorted(COLUMNS | self.added) if self.is_dictionary_shown else []
            return [{"sys_id": one, "element": one, "name": "task", "read_only": "false"} for one in there]
        return list(self.incidents.values())

    def found(self, rows: list[Row], query: str) -> list[Row]:
        """Apply an encoded query of the operators that are known here."""
        known = COLUMNS | self.added | {"sysapproval", "element", "name"}
        for part in query.split("^"):
            if match := re.fullmatch(r"ORDERBY(DESC)?([a-z_]+)", part):
                continue
            match = re.fullmatch(r"([a-z_]+)(STARTSWITH|IN|=)(.*)", part, re.DOTALL)
            assert match, f"an operator that this instance does not have: {part}"
            name, how, wanted = match.groups()
            if name not in known:
                continue
            rows = [row for row in rows if _holds(row.get(name, ""), how, wanted)]
        for part in reversed(query.split("^")):
            if match := re.fullmatch(r"ORDERBY(DESC)?([a-z_]+)", part):
                descending, by = bool(match[1]), match[2]
                rows = sorted(rows, key=lambda row: row.get(by, ""), reverse=descending)
        return rows

    async def records(self, request: Request) -> Response:
        """`GET` and `POST /api/now/table/TABLE`."""
        if (user := self._user(request)) is None:
            return _error(401, "User Not Authenticated", "Required to provide Auth information")
        table, params = request.path_params["table"], dict(request.query_params)
        if table not in {"incident", "sysapproval_approver", "sys_dictionary"}:
            return _error(400, f"Invalid table {table}", "")
        columns = params.get("sysparm_fields", "").split(",")
        if request.method == "POST":
            values = await self._body(request, "one")
            row = self.create({n: v for n, v in values.items() if n not in self.unwritable}, user)
            return JSONResponse({"result": self.shown(row, columns)}, 201)
        self.mistakes += mistakes_of("servicenow", "list", params)
        self.asked.append(params.get("sysparm_query", ""))
        rows = self.found(self.rows_of(table), params.get("sysparm_query", ""))
        begin = int(params.get("sysparm_offset", 0))
        page = rows[begin : begin + int(params.get("sysparm_limit", 10_000))]
        session = {"Set-Cookie": "JSESSIONID=0123456789ABCDEF; Path=/; HttpOnly"}
        return JSONResponse({"result": [self.shown(row, columns) for row in page]}, headers=session)

    async def record(self, request: Request) -> Response:
        """`GET` and `PATCH /api/now/table/TABLE/SYS_ID`."""
        if (user := self._user(request)) is None:
            return _error(401, "User Not Authenticated", "Required to provide Auth information")
        columns = request.query_params.get("sysparm_fields", "").split(",")
        row = self.incidents.get(request.path_params["number"])
        values = await self._body(request, "one") if request.method == "PATCH" else {}
        if row is None:
            return _error(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval")
        if values.get("state") in {"6", "7"} and not (values.get("close_code") and values.get("close_notes")):
            detail = "Data Policy Exception: The following fields are mandatory: Resolution code, Resolution notes"
            return _error(403, "Operation Failed", detail)
        if values:
            self.write(row, {n: v for n, v in values.items() if n not in self.unwritable}, user)
        return JSONResponse({"result": self.shown(row, columns)})

    async def token(self, request: Request) -> Response:
        """`POST /oauth_token.do`."""
        form = dict(parse_qsl((await request.body()).decode()))
        self.mistakes += mistakes_of("servicenow", "token", form)
        if f"{form.get('client_id')}:{form.get('client_secret')}" != CLIENT:
            return JSONResponse({"error": "invalid_client", "error_description": "access_denied"}, 401)
        token = f"token-{len(self.tokens)}-{digest(str(id(self)))}"
        self.tokens = {token}
        return JSONResponse({"access_token": token, "scope": "useraccount", "token_type": "Bearer", "expires_in": 1799})

    def _user(self, request: Request) -> str | None:
        if request.headers.get("cookie"):
            self.mistakes.append(
                "a cookie was sent back: calls of one session wait for each other, and some are dropped"
            )
        scheme, _, proof = request.headers.get("authorization", "").partition(" ")
        is_ours = scheme == "Basic" and base64.b64decode(proof).decode() == f"{USER}:{PASSWORD}"
        has_key = request.headers.get("x-sn-apikey") == PASSWORD
        return USER if is_ours or has_key or (scheme == "Bearer" and proof in self.tokens) else None

    async def _body(self, request: Request, params: str) -> Row:
        values: Row = json.loads(await request.body())
        self.mistakes += mistakes_of("servicenow", params, dict(request.query_params))
        self.mistakes += mistakes_of("servicenow", "incident", values)
        return values


def _holds(value: str, how: str, wanted: str) -> bool:
    match how:
        case "STARTSWITH":
            return value.casefold().startswith(wanted.casefold())
        case "IN":
            return value in wanted.split(",")
        case _:
            return value.casefold() == wanted.casefold()


def _error(status: int, message: str, detail: str) -> Response:
    return JSONResponse({"error": {"message": message, "detail": detail}, "status": "failure"}, status)


def app_of(instance: Instance) -> Starlette:
    """Give it as an application."""
    return Starlette(
        routes=[
            Route("/api/now/table/{table}", instance.records, methods=["GET", "POST"]),
            Route("/api/now/table/{table}/{number}", instance.record, methods=["GET", "PATCH"]),
            Route("/oauth_token.do", instance.token, methods=["POST"]),
        ]
    )
