"""HubSpot's CRM: tickets with a pipeline, orders, properties with unique values, histories, merges, a recycling bin.

Records, histories: https://developers.hubspot.com/docs/api-reference/latest/crm/objects/tickets/guide. A property with
unique values refuses a second record (.../crm/properties/guide). A batch upsert answers 207 with `errors` beside
`results` (.../error-handling, "Multi-status errors"), and refuses as a whole where inputs repeat an id. The search lags
behind (.../crm/search-the-crm, "Limitations"). A merged record is read by its old id as the one it went into
(https://developers.hubspot.com/changelog/announcement-deals-now-support-merging); an archived one is only read with
`archived=true`. 429 names its policy (.../developer-tooling/platform/usage-guidelines).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from typing import Any, ClassVar

from tests.fakes.described import violation
from tests.fakes.hubspot_requests import REQUESTS
from tests.fakes.serving import Cloud, Reply, Request

Source = tuple[str, str, str]
US: Source = ("INTEGRATION", "app-1", "")
MEI: Source = ("CRM_UI", "userId:7", "7")
PATHS = "/crm/objects/2026-03/"


@dataclass
class Property:
    """A property of an object."""

    is_unique: bool = False
    is_read_only: bool = False


@dataclass
class Object:
    """A record and what its properties were, the newest first."""

    id: str
    changed: datetime
    history: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    archived_at: datetime | None = None

    def value(self, name: str) -> str | None:
        values = self.history.get(name)
        return values[0]["value"] if values else None


@dataclass
class HubSpot(Cloud):
    """One account.

    token: of the private app. lag: of the search. broken: orders by their id that no batch takes; conflicting: those
    for which a batch is refused as a whole. throttled: the limit that is used up. violations: requests that no page
    allows.
    """

    per_second: ClassVar[int | None] = None
    token: str = "pat-eu1-quayside"
    lag: timedelta = timedelta(0)
    broken: set[str] = field(default_factory=set)
    conflicting: set[str] = field(default_factory=set)
    throttled: str = ""
    properties: dict[str, dict[str, Property]] = field(default_factory=dict)
    stages: tuple[str, ...] = ("1", "2", "3", "4", "9")
    objects: dict[str, dict[str, Object]] = field(default_factory=lambda: {"tickets": {}, "orders": {}})
    merged: dict[str, str] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    may_read_owners: bool = True
    _ids: "count[int]" = field(default_factory=lambda: count(1001))

    def handle(self, request: Request) -> Reply:
        self.now = datetime.now(UTC)
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return self._error(401, "INVALID_AUTHENTICATION", "the token is not known")
        if self.throttled:
            return self._error(
                429, "RATE_LIMITS", "the limit is reached", errorType="RATE_LIMIT", policyName=self.throttled
            )
        if wrong := violation(REQUESTS, request):
            self.violations.append(wrong)
            return self._error(400, "VALIDATION_ERROR", wrong)
        reply = self._route(request)
        return Reply(reply.status, reply.body, {"date": format_datetime(self.now, usegmt=True), **reply.headers})

    def _route(self, request: Request) -> Reply:  # noqa: C901, PLR0911  one case for each request
        area, _, *rest = request.path.removeprefix("/crm/").split("/")
        match request.method, area, rest:
            case "GET", "properties", [kind]:
                return Reply(200, {"results": [_described(name, it) for name, it in self.properties[kind].items()]})
            case "GET", "pipelines", [_, pipeline]:
                if pipeline != "0":
                    return self._error(404, "OBJECT_NOT_FOUND", "no such pipeline")
                return Reply(200, {"id": "0", "stages": [{"id": stage} for stage in self.stages]})
            case "GET", "owners", [number]:
                return self._owner(number)
            case "GET", "objects", [kind, number]:
                return self._get(kind, number, request)
            case "POST", "objects", [kind]:
                return self._create(kind, request.json()["properties"])
            case "PATCH", "objects", [kind, number]:
                return self._patch(kind, number, request.json()["properties"])
            case "POST", "objects", [kind, "batch", "read"]:
                return self._batch_read(kind, request)
            case "POST", "objects", [kind, "batch", "upsert"]:
                return self._upsert(kind, request.json()["inputs"])
            case "POST", "objects", [kind, "search"]:
                return self._search(kind, request.json())
        return self._error(404, "OBJECT_NOT_FOUND", "no such address")

    def _get(self, kind: str, number: str, request: Request) -> Reply:
        unique, archived = request.params.get("idProperty", ""), request.params.get("archived") == "true"
        found = self._find(kind, number, unique, archived=archived)
        if found is None:
            return self._error(404, "OBJECT_NOT_FOUND", "resource not found")
        shown = self._shown(found, request.params["properties"].split(","))
        if history := request.params.get("propertiesWithHistory"):
            shown["propertiesWithHistory"] = {name: found.history.get(name, []) for name in history.split(",")}
        return Reply(200, shown)

    def _create(self, kind: str, values: Mapping[str, str]) -> Reply:
        if wrong := self._wrong(kind, values):
            return wrong
        made = Object(str(next(self._ids)), self.now)
        self.objects[kind][made.id] = made
        self.write(made, values, US)
        return Reply(201, self._shown(made, list(values)))

    def _patch(self, kind: str, number: str, values: Mapping[str, str]) -> Reply:
        found = self._find(kind, number)
        if found is None:
            return self._error(404, "OBJECT_NOT_FOUND", "resource not found")
        if wrong := self._wrong(kind, values, found.id):
            return wrong
        self.write(found, values, US)
        return Reply(200, self._shown(found, list(values)))

    def _batch_read(self, kind: str, request: Request) -> Reply:
        body, archived = request.json(), request.params.get("archived") == "true"
        unique = body.get("idProperty", "")
        there = {one["id"]: self._find(kind, one["id"], unique, archived=archived) for one in body["inputs"]}
        results = [self._shown(found, body["properties"]) for found in there.values() if found]
        missing = [number for number, found in there.items() if not found]
        told: dict[str, Any] = {"status": "COMPLETE", "results": results}
        if missing:
            error = {
                "status": "error",
                "category": "OBJECT_NOT_FOUND",
                "message": "not found",
                "context": {"ids": missing},
            }
            told |= {"numErrors": 1, "errors": [error]}
        return Reply(207 if missing else 200, told)

    def _upsert(self, kind: str, inputs: list[dict[str, Any]]) -> Reply:
        ids = [one["id"] for one in inputs]
        if len(set(ids)) < len(ids):
            return self._error(400, "VALIDATION_ERROR", "Duplicate IDs found in batch input")
        if self.conflicting & set(ids):
            return self._error(409, "CONFLICT", "a record of this batch conflicts with another")
        results, errors = [], []
        for one in inputs:
            unique = one["idProperty"]
            if not self.properties[kind].get(unique, Property()).is_unique:
                return self._error(400, "VALIDATION_ERROR", f"Unable to upsert by non-unique property {unique}")
            if one["id"] in self.broken:
                context = {"objectWriteTraceId": [one["objectWriteTraceId"]]}
                errors.append(
                    {"status": "error", "category": "VALIDATION_ERROR", "message": "not valid", "context": context}
                )
                continue
            if wrong := self._wrong(kind, one["properties"]):
                return wrong
            there = self._find(kind, one["id"], unique)
            is_new = there is None
            there = there or Object(str(next(self._ids)), self.now)
            self.objects[kind][there.id] = there
            self.write(there, {unique: one["id"], **one["properties"]}, US)
            results.append({**self._shown(there, [*one["properties"], unique]), "new": is_new})
        told: dict[str, Any] = {"status": "COMPLETE", "results": results}
        return Reply(207, told | {"numErrors": len(errors), "errors": errors}) if errors else Reply(200, told)

    def _search(self, kind: str, body: dict[str, Any]) -> Reply:
        seen = [
            one for one in self.objects[kind].values() if one.changed <= self.now - self.lag and not one.archived_at
        ]
        (group,) = body["filterGroups"]
        found = [one for one in seen if all(_holds(one, it) for it in group["filters"])]
        found.sort(key=lambda one: int(one.id))
        page = [self._shown(one, body["properties"]) for one in found[: body["limit"]]]
        return Reply(200, {"total": len(found), "results": page})

    def _owner(self, number: str) -> Reply:
        if not self.may_read_owners:
            return self._error(403, "MISSING_SCOPES", "crm.objects.owners.read is missing")
        if number != "7":
            return self._error(404, "OBJECT_NOT_FOUND", "no such owner")
        return Reply(200, {"id": "70", "userId": 7, "email": "mei@example.com", "firstName": "Mei", "lastName": "梅"})

    def _find(self, kind: str, number: str, unique: str = "", *, archived: bool = False) -> Object | None:
        there = self.objects[kind]
        if unique:
            found = next((one for one in there.values() if one.value(unique) == number), None)
        else:
            found = there.get(self.merged.get(number, number))
        return found if found and bool(found.archived_at) == archived else None

    def _wrong(self, kind: str, values: Mapping[str, str], number: str = "") -> Reply | None:
        for name, value in values.items():
            told = self.properties[kind].get(name)
            if told is None:
                return self._error(400, "VALIDATION_ERROR", f'Property "{name}" does not exist')
            others = (one for one in self.objects[kind].values() if one.id != number)
            if told.is_unique and any(one.value(name) == value for one in others):
                return self._error(400, "VALIDATION_ERROR", f"{name}: another record already has that value")
        return None

    def write(self, one: Object, values: Mapping[str, str], source: Source) -> None:
        """Write properties, with their history."""
        self.now = one.changed = max(datetime.now(UTC), one.changed + timedelta(milliseconds=1))
        kind, origin, user = source
        entry = {"timestamp": _time(one.changed), "sourceType": kind, "sourceId": origin}
        for name, value in values.items():
            if one.value(name) != value:
                told = {"value": value, **entry, **({"updatedByUserId": user} if user else {})}
                one.history.setdefault(name, []).insert(0, told)

    def merge(self, number: str, into: str) -> None:
        """Merge a ticket into another, as people do."""
        kept = self.objects["tickets"][into]
        self.objects["tickets"].pop(number)
        self.merged[number] = into
        self.write(kept, {"hs_merged_object_ids": number}, MEI)

    def _shown(self, one: Object, names: list[str]) -> dict[str, Any]:
        shown = {"id": one.id, "updatedAt": _time(one.changed), "archived": bool(one.archived_at)}
        shown["properties"] = {name: one.value(name) or None for name in names} | {"hs_object_id": one.id}
        return shown | ({"archivedAt": _time(one.archived_at)} if one.archived_at else {})

    def _error(self, status: int, category: str, message: str, **more: str) -> Reply:
        told = {"status": "error", "message": message, "category": category, "correlationId": "c-1", **more}
        return Reply(status, told)


def _described(name: str, told: Property) -> dict[str, Any]:
    metadata = {"readOnlyValue": told.is_read_only}
    return {"name": name, "type": "string", "hasUniqueValue": told.is_unique, "modificationMetadata": metadata}


def _holds(one: Object, asked: Mapping[str, str]) -> bool:
    name, value = asked["propertyName"], asked.get("value", "")
    if asked["operator"] == "HAS_PROPERTY":
        return bool(one.value(name))
    number = int(one.id) if name == "hs_object_id" else int(one.changed.timestamp() * 1000)
    return number > int(value) if asked["operator"] == "GT" else number >= int(value)


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"
