"""Salesforce: Cases and a custom object, external ids, SOQL with pages, field history, a recycle bin with merges.

Upsert: 201 for a new record, 200 for one that was there, 300 with the matches where there are several
(https://developer.salesforce.com/docs/platform/api-rest/guide/dome-upsert.html). Errors are a list; a session that is
no longer valid is 401 INVALID_SESSION_ID, a used-up limit 403 REQUEST_LIMIT_EXCEEDED
(https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm), a locked row 400
UNABLE_TO_LOCK_ROW. `Comments` adds a comment; what is deleted or merged is only found by queryAll
(.../dome-queryall.html), and written to no more (404 ENTITY_IS_DELETED).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from itertools import count
from typing import Any

from tests.fakes import soql
from tests.fakes.described import violation
from tests.fakes.salesforce_requests import REQUESTS
from tests.fakes.serving import Cloud, Reply, Request

Row = dict[str, Any]
US, MEI = "005000000000001AAA", "005000000000007AAA"
USERS = {US: "Quayside", MEI: "Mei 梅"}
DATA = "/services/data/v64.0/"
CLOSED = {"Closed", "Rejected"}
ALWAYS = tuple(
    "Id CreatedDate CreatedById LastModifiedDate LastModifiedById SystemModstamp IsDeleted MasterRecordId OwnerId"  # noqa: SIM905
    " ClosedDate IsClosed Status Comments".split()
)


@dataclass
class Salesforce(Cloud):
    """One org.

    client: the consumer key and secret. sessions: the tokens that are valid. fields: of each object, those that can be
    written. external: of each object, the fields that are unique external ids. page: rows of one answer. locked: ids of
    rows that somebody else holds. used_up: whether the limit of the day is. violations: requests that no page allows.
    """

    client: tuple[str, str] = ("3MVG9quayside", "consumer secret")
    sessions: set[str] = field(default_factory=set)
    fields: dict[str, set[str]] = field(default_factory=dict)
    external: dict[str, set[str]] = field(default_factory=dict)
    tables: dict[str, dict[str, Row]] = field(default_factory=dict)
    history: list[Row] = field(default_factory=list)
    comments: dict[str, list[str]] = field(default_factory=dict)
    rights: dict[str, dict[str, bool]] = field(default_factory=dict)
    tracked: set[str] = field(default_factory=lambda: {"Status", "Quayside_Approval__c"})
    page: int = 2000
    locked: set[str] = field(default_factory=set)
    used_up: bool = False
    violations: list[str] = field(default_factory=list)
    _left: dict[str, tuple[soql.Query, list[Row]]] = field(default_factory=dict)
    _ids: "count[int]" = field(default_factory=lambda: count(1001))

    def handle(self, request: Request) -> Reply:
        self.now = datetime.now(UTC)
        reply = self._token(request) if request.path == "/services/oauth2/token" else self._data(request)
        return Reply(reply.status, reply.body, {"date": format_datetime(self.now, usegmt=True), **reply.headers})

    def _token(self, request: Request) -> Reply:
        form = request.form()
        if form.get("grant_type") != "client_credentials":
            return Reply(400, {"error": "unsupported_grant_type", "error_description": "grant type not supported"})
        if (form.get("client_id"), form.get("client_secret")) != self.client:
            return Reply(400, {"error": "invalid_client", "error_description": "invalid client credentials"})
        token = f"00D!{next(self._ids)}"
        self.sessions.add(token)
        return Reply(200, {"access_token": token, "instance_url": self.url, "token_type": "Bearer", "scope": "api"})

    def _data(self, request: Request) -> Reply:  # noqa: PLR0911  one case for each request
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.sessions:
            return _error(401, "INVALID_SESSION_ID", "Session expired or invalid")
        if self.used_up:
            return _error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
        if wrong := violation(REQUESTS, request):
            self.violations.append(wrong)
            return _error(400, "BAD_REQUEST", wrong)
        match request.method, request.path.removeprefix(DATA).split("/"):
            case "GET", ["sobjects", kind, "describe"]:
                return self._describe(kind)
            case "GET", ["query" | "queryAll" as which]:
                return self._query(request.params["q"], deleted=which == "queryAll")
            case "GET", ["query", locator]:
                return self._page(*self._left.pop(locator))
            case "PATCH", ["sobjects", kind, name, value]:
                return self._upsert(kind, name, value, request.json())
            case _, [_, kind, number]:
                return self._change(kind, number, request)
        return _error(404, "NOT_FOUND", "The requested resource does not exist")

    def _describe(self, kind: str) -> Reply:
        if kind not in self.fields:
            return _error(404, "NOT_FOUND", "The requested resource does not exist")
        unique = self.external[kind]
        told = [
            {
                "name": name,
                "updateable": name in self.fields[kind],
                "externalId": name in unique,
                "unique": name in unique,
            }
            for name in sorted({*ALWAYS, *self.fields[kind]})
        ]
        return Reply(
            200, {"name": kind, "fields": told, "createable": True, "updateable": True} | self.rights.get(kind, {})
        )

    def _query(self, written: str, *, deleted: bool) -> Reply:
        query = soql.read(written)
        if query is None:
            return _error(400, "MALFORMED_QUERY", f"unexpected token: {written}")
        if query.kind == "CaseHistory":
            return self._page(query, query.rows(self.history))
        if unknown := query.used() - {*ALWAYS, *self.fields.get(query.kind, ())}:
            return _error(400, "INVALID_FIELD", f"No such column '{min(unknown)}' on entity '{query.kind}'.")
        rows = [row for row in self.tables[query.kind].values() if deleted or not row["IsDeleted"]]
        return self._page(query, query.rows(rows))

    def _page(self, query: soql.Query, rows: list[Row]) -> Reply:
        page, left = rows[: self.page], rows[self.page :]
        told: Row = {"totalSize": len(rows), "done": not left, "records": [query.shown(row) for row in page]}
        if left:
            locator = f"01g{next(self._ids)}-{self.page}"
            self._left[locator] = (query, left)
            told["nextRecordsUrl"] = f"{DATA}query/{locator}"
        return Reply(200, told)

    def _upsert(self, kind: str, name: str, value: str, values: Mapping[str, str | None]) -> Reply:
        if name not in self.external.get(kind, ()):
            return _error(404, "NOT_FOUND", "The requested resource does not exist")
        live = (row for row in self.tables[kind].values() if not row["IsDeleted"])
        found = [row for row in live if str(row.get(name)).lower() == value.lower()]
        if len(found) > 1:
            return Reply(300, [f"{DATA}sobjects/{kind}/{row['Id']}" for row in found])
        if wrong := self._wrong(kind, values):
            return wrong
        row = found[0] if found else self._new(kind)
        if row["Id"] in self.locked:
            return _error(400, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record")
        self.write(row, {name: value, **values}, US)
        told = {"id": row["Id"], "success": True, "errors": [], "created": not found}
        return Reply(200 if found else 201, told)

    def _change(self, kind: str, number: str, request: Request) -> Reply:
        row = self.tables[kind].get(number)
        if row is None or row["IsDeleted"]:
            return _error(404, "ENTITY_IS_DELETED" if row else "NOT_FOUND", "entity is deleted")
        since = request.headers.get("if-unmodified-since")
        if since and datetime.fromisoformat(row["LastModifiedDate"]).replace(microsecond=0) > parsedate_to_datetime(
            since
        ):
            return _error(412, "PRECONDITION_FAILED", "the record was changed")
        if row["Id"] in self.locked:
            return _error(400, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record")
        if wrong := self._wrong(kind, request.json()):
            return wrong
        self.write(row, request.json(), US)
        return Reply(204)

    def _wrong(self, kind: str, values: Mapping[str, str | None]) -> Reply | None:
        for name, value in values.items():
            if name not in self.fields[kind]:
                return _error(400, "INVALID_FIELD", f"No such column '{name}' on sobject of type {kind}")
            if name == "Subject" and len(value or "") > 255:
                return _error(400, "STRING_TOO_LONG", "Subject: data value too large (max length=255)")
        return None

    def _new(self, kind: str) -> Row:
        row: Row = dict.fromkeys((*ALWAYS, *self.fields[kind]))
        prefix = "500" if kind == "Case" else "a00"
        row |= {"Id": f"{prefix}{next(self._ids):012}AAA", "CreatedById": US, "OwnerId": US, "IsDeleted": False}
        row |= {"CreatedDate": _time(datetime.now(UTC)), "Owner": {"Name": USERS[US]}, "CreatedBy": {"Name": USERS[US]}}
        row |= {"Status": "New", "IsClosed": False}
        self.tables[kind][row["Id"]] = row
        return row

    def write(self, row: Row, values: Mapping[str, str | None], user: str) -> None:
        """Write fields, with what is tracked of them."""
        at = _time(datetime.now(UTC))
        for name, value in values.items():
            if name == "Comments":
                self.comments.setdefault(row["Id"], []).extend([value] if value else [])
                continue
            if name in self.tracked and row.get(name) != value and row.get("LastModifiedDate"):
                self.history.append(
                    {
                        "Id": f"017{next(self._ids):012}",
                        "CaseId": row["Id"],
                        "Field": name,
                        "NewValue": value,
                        "CreatedDate": at,
                        "CreatedById": user,
                        "CreatedBy": {"Name": USERS[user]},
                    }
                )
            row[name] = value
        is_closed = row["Status"] in CLOSED
        row |= {"ClosedDate": (row["ClosedDate"] or at) if is_closed else None, "IsClosed": is_closed}
        row |= {"LastModifiedDate": at, "SystemModstamp": at}
        row |= {"LastModifiedById": user, "LastModifiedBy": {"Name": USERS[user]}}

    def delete(self, number: str, into: str | None = None) -> None:
        """Delete a Case, or merge it into another."""
        row = self.tables["Case"][number]
        row |= {"IsDeleted": True, "MasterRecordId": into, "SystemModstamp": _time(datetime.now(UTC))}


def _error(status: int, code: str, message: str) -> Reply:
    return Reply(status, [{"message": message, "errorCode": code, "fields": []}])


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}+0000"
