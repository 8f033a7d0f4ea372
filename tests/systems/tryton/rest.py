"""Tryton's REST interface, as thin as it can be. docs/reference/systems/tryton-rest.md says what it answers."""

import json
from base64 import urlsafe_b64encode
from datetime import date
from decimal import Decimal
from typing import Any, Self

import httpx

Row = dict[str, Any]


class Refused(Exception):
    """Tryton answered something other than success: the status and its sentence."""


def decimal(value: str) -> Row:
    return {"__class__": "Decimal", "decimal": str(Decimal(value))}


def day(value: date) -> Row:
    return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}


def created(*rows: Row) -> list[object]:
    """The value of a One2Many field in a create or write: these new rows."""
    return [["create", list(rows)]]


def added(*ids: int) -> list[object]:
    """The value of a Many2Many or One2Many field in a create or write: these existing rows."""
    return [["add", list(ids)]]


def encoded(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode()


class Rest:
    """One user's calls; `company` goes with each, because REST does not take it from the user."""

    def __init__(self, url: str, database: str, key: str) -> None:
        self._base = f"{url}/{database}/rest/model"
        self._client = httpx.Client(headers={"Authorization": f"Bearer {key}"}, timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def act_for(self, company: int) -> None:
        self._client.headers["X-Tryton-Context"] = encoded({"company": company})

    def create(self, model: str, **values: object) -> int:
        return int(self._call("POST", model, json=values)["id"])

    def write(self, model: str, record: int, **values: object) -> None:
        self._call("PUT", f"{model}/{record}", json=values)

    def delete(self, model: str, record: int) -> None:
        self._call("DELETE", f"{model}/{record}")

    def press(self, model: str, record: int, button: str) -> None:
        self._call("POST", f"{model}/{record}/{button}", json={})

    def read(self, model: str, record: int, *fields: str) -> Row:
        row: Row = self._call("GET", f"{model}/{record}", params={"f": fields})
        return row

    def find(self, model: str, *domain: object, fields: tuple[str, ...] = ()) -> list[Row]:
        query = {"d": encoded(list(domain)), "f": fields or ("id",)}
        rows: list[Row] = self._call("GET", model, params=query)
        return rows

    def _call(self, method: str, path: str, **request: Any) -> Any:  # noqa: ANN401  JSON in, JSON out
        response = self._client.request(method, f"{self._base}/{path}", **request)
        if response.is_error:
            raise Refused(f"{method} {path}: {response.status_code} {response.text}")
        return response.json() if response.content else None
