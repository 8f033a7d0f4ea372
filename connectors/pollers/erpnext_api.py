"""Reading documents of ERPNext over the REST API of Frappe, and what each of its refusals means.

    GET /api/resource/DOCTYPE           a list: `filters` and `fields` as JSON, `limit_page_length`, `order_by`
    GET /api/resource/DOCTYPE/NAME      one document with its rows

401 is a wrong key or secret, 403 a right that is missing, 404 no such document or doctype, 417 a mistake of ours, 429
the site's rate limit (with Retry-After); a refusal's body says `exc_type` and, as JSON in JSON, `_server_messages`.

Sources: https://docs.frappe.io/framework/user/en/api/rest and
https://docs.frappe.io/framework/user/en/guides/integration/rest_api/listing_documents; statuses:
https://github.com/frappe/frappe/blob/version-15/frappe/exceptions.py.
"""

import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import httpx

from connectors.pollers.http import Caller
from contracts.errors import Rejected
from contracts.settings import PollerAccount

Row = dict[str, Any]

PAGE = 500
NAMES_A_REQUEST = 50
"""How many names a filter may list: they travel in the address."""
NOT_FOUND = 404
_REFUSED: Mapping[int, str] = {
    401: "are key and secret right, as `KEY:SECRET`, and the user enabled?",
    403: "may the key's user read it?",
    404: "is ERPNext installed on this site?",
}


class ErpNext:
    """The API of one site. Its methods raise as `connectors.pollers.http` does."""

    def __init__(self, caller: Caller) -> None:
        """Take who calls it."""
        self.caller = caller

    async def pages(self, doctype: str, filters: Sequence[object], fields: Sequence[str]) -> AsyncIterator[list[Row]]:
        """Give all that match, page by page: each begins behind the last name, so that none is skipped."""
        behind: list[object] = []
        while rows := await self._list(doctype, [*filters, *behind], fields, PAGE):
            yield rows
            if len(rows) < PAGE:
                return
            behind = [["name", ">", rows[-1]["name"]]]

    async def one(self, doctype: str, fields: Sequence[str]) -> list[Row]:
        """Give one of them, if there is any: whether they may be read shows either way."""
        return await self._list(doctype, [], fields, 1)

    async def named(self, doctype: str, names: Collection[str], fields: Sequence[str]) -> dict[str, Row]:
        """Give those with these names that there are, by name; nothing is asked for none."""
        wanted, found = sorted(names), dict[str, Row]()
        for start in range(0, len(wanted), NAMES_A_REQUEST):
            some = wanted[start : start + NAMES_A_REQUEST]
            rows = await self._list(doctype, [["name", "in", some]], fields, NAMES_A_REQUEST)
            found.update({row["name"]: row for row in rows})
        return found

    async def document(self, doctype: str, name: str) -> Row | None:
        """Give one document with its rows; None where there is none of that name."""
        path = f"api/resource/{quote(doctype)}/{quote(name, safe='')}"
        answer = await self.caller.ask("GET", path, accept=frozenset({NOT_FOUND}))
        if answer.status_code == NOT_FOUND:
            if exception_of(answer) == "DoesNotExistError":
                return None
            raise Rejected(f"{self.caller.title} answers no REST API at {path}", code="refused")
        found: Row = self._data(answer, dict)
        return found

    async def _list(self, doctype: str, filters: Sequence[object], fields: Sequence[str], limit: int) -> list[Row]:
        params = {
            "filters": json.dumps(filters),
            "fields": json.dumps(["name", *fields]),
            "order_by": "name asc",
            "limit_start": "0",
            "limit_page_length": str(limit),
        }
        answer = await self.caller.ask("GET", f"api/resource/{quote(doctype)}", params=params)
        rows: list[Row] = self._data(answer, list)
        return rows

    def _data(self, answer: httpx.Response, shape: type) -> Any:  # noqa: ANN401 - of the shape that is asked for
        told = self.caller.json(answer)
        if not isinstance(told, dict) or not isinstance(told.get("data"), shape):
            raise Rejected(f"{self.caller.title} does not answer as Frappe's REST API does", code="refused")
        return told["data"]


def api_of(account: PollerAccount, secret: str, client: httpx.AsyncClient) -> ErpNext:
    """Give the API of an account's site over a client; no call is made yet."""
    url = account.url.rstrip("/")
    client.base_url = httpx.URL(url + "/")
    client.headers.update({"Authorization": f"token {secret}", "Accept": "application/json", "User-Agent": "Quayside"})
    return ErpNext(Caller(client, f"ERPNext at {url}", sentence, _REFUSED))


def exception_of(answer: httpx.Response) -> str:
    """Give the name of the exception that an answer tells, empty where it tells none."""
    try:
        told = answer.json()
    except ValueError:
        return ""
    return str(told.get("exc_type", "")) if isinstance(told, dict) else ""


def sentence(answer: httpx.Response) -> str:
    """Give what Frappe says about an error: its messages to people, else the exception's name."""
    try:
        told = answer.json()
        messages = json.loads(told.get("_server_messages") or "[]")
        said = [str(json.loads(message).get("message", "")) for message in messages]
    except (ValueError, AttributeError, TypeError):
        return exception_of(answer)
    return " ".join(said) or exception_of(answer)
