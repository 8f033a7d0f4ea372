"""Reading entities of SAP S/4HANA by OData, version 2, and what each of its refusals means.

    GET SERVICE/ENTITY?$filter=…&$select=…&$orderby=KEY&$top=N    {"d": {"results": […], "__next": URL}}
    GET SERVICE/ENTITY('KEY')?$expand=…                           {"d": {…}}

A page ends where the server wants it to end (`__next`, with its `$skiptoken`) or after `$top`; behind that the next
one begins behind the last key, so that none is skipped. `__next` names the host as the server knows it, so only its
token is taken. Reads need no CSRF token. A refusal says `{"error": {"code": …, "message": {"value": …}}}`: 401 a wrong
user or token, 403 a right that is missing or a service that is not published (`/IWFND/`), 404 no such document.

Sources: https://www.odata.org/documentation/odata-version-2-0/uri-conventions/ and .../json-format/;
https://userapps.support.sap.com/sap/support/knowledge/en/3555785 (literals, addresses). That a hub's error begins with
`/IWFND/` and a service's does not is SAP Gateway's naming of message classes; no page lists all codes.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx

from connectors.pollers.http import Caller
from connectors.pollers.sap_odata_token import Token
from contracts.errors import Rejected
from contracts.settings import PollerAccount

Row = dict[str, Any]

PAGE = 100
"""Documents with all that belongs to them, so not too many."""
NOT_FOUND = 404
REFUSED: Mapping[int, str] = {
    401: "are user and password right, or the client and its secret?",
    403: "may the user read it, and is the service published?",
    404: "does the url end with `/sap/opu/odata/sap`?",
}
_SKIP = "$skiptoken"
_HUB = "/IWFND/"


class SapOData:
    """The services of one system. Its methods raise as `connectors.pollers.http` does."""

    def __init__(self, caller: Caller, token: Token | None, client: str = "") -> None:
        """Take who calls it, whose token it shows if it shows one, and the SAP client that is meant, if any."""
        self.caller = caller
        self._token = token
        self._always = {"$format": "json", **({"sap-client": client} if client else {})}

    async def pages(self, path: str, key: str, conditions: Sequence[str], **query: str) -> AsyncIterator[list[Row]]:
        """Give all entities that meet every condition, page by page, by their key. query: `select`, `expand`."""
        behind: list[str] = []
        while True:
            told, last, skip = 0, "", ""
            while True:
                rows, skip = await self._page(path, key, [*conditions, *behind], query, PAGE, skip)
                if rows:
                    told, last = told + len(rows), rows[-1][key]
                    yield rows
                if not skip:
                    break
            if told < PAGE:
                return
            behind = [f"{key} gt {literal(last)}"]

    async def one(self, path: str, key: str, select: Sequence[str]) -> list[Row]:
        """Give one of them, if there is any: whether they may be read shows either way."""
        return (await self._page(path, key, (), {"select": ",".join((key, *select))}, 1, ""))[0]

    async def entity(self, path: str, key: str, name: str, expand: Sequence[str]) -> Row | None:
        """Give the entity of this key, with what belongs to it; None where there is none."""
        where = f"{path}({quote(literal(name), safe='')})"
        answer = await self._ask(where, {"$expand": ",".join(expand)}, accept=frozenset({NOT_FOUND}))
        if answer.status_code == NOT_FOUND:
            code, said = error_of(answer)
            if not code or code.startswith(_HUB):
                raise Rejected(f"{self.caller.title} has no service at {path}: {said or 'not found'}", code="refused")
            return None
        return _entity(self._d(answer), key, self.caller.title)

    async def _page(
        self, path: str, key: str, conditions: Sequence[str], query: Mapping[str, str], top: int, skip: str
    ) -> tuple[list[Row], str]:
        params = {"$orderby": key, "$top": str(top), **{f"${name}": told for name, told in query.items()}}
        if conditions:
            params["$filter"] = " and ".join(conditions)
        if skip:
            params[_SKIP] = skip
        told = self._d(await self._ask(path, params))
        rows = told.get("results") if isinstance(told, dict) else told
        if not isinstance(rows, list):
            raise _no_odata(self.caller.title)
        following = str(told.get("__next") or "") if isinstance(told, dict) else ""
        token = parse_qs(urlsplit(following).query).get(_SKIP, [""])[0]
        if following and (not token or token == skip):
            raise Rejected(f"{self.caller.title} gives a page that has no next one", code="refused")
        return [_entity(row, key, self.caller.title) for row in rows], token

    async def _ask(self, path: str, params: Mapping[str, str], accept: frozenset[int] = frozenset()) -> httpx.Response:
        given = {**params, **self._always}
        if self._token is None:
            return await self.caller.ask("GET", path, params=given, accept=accept)
        await self._token.show(self.caller.client)
        try:
            return await self.caller.ask("GET", path, params=given, accept=accept)
        except Rejected as error:
            if error.code != "unauthorised":
                raise
        await self._token.renew(self.caller.client)
        return await self.caller.ask("GET", path, params=given, accept=accept)

    def _d(self, answer: httpx.Response) -> Any:  # noqa: ANN401 - of the shape that is asked for
        told = self.caller.json(answer)
        if not isinstance(told, dict) or not isinstance(told.get("d"), dict | list):
            raise _no_odata(self.caller.title)
        return told["d"]


def literal(text: str) -> str:
    """Write text as a literal: quotes are doubled."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def api_of(account: PollerAccount, secret: str, client: httpx.AsyncClient) -> SapOData:
    """Give the API of an account's system over a client; no call is made yet."""
    url, token = account.url.rstrip("/"), None
    title = f"SAP at {url}"
    client.base_url = httpx.URL(url + "/")
    client.headers.update({"Accept": "application/json", "User-Agent": "Quayside"})
    if token_url := account.options.get("token_url"):
        token = Token(token_url, secret)
    else:
        user, _, password = secret.partition(":")
        client.auth = httpx.BasicAuth(user, password)
    return SapOData(Caller(client, title, sentence, REFUSED), token, account.options.get("client", ""))


def error_of(answer: httpx.Response) -> tuple[str, str]:
    """Give an error's code and what it says, both empty where the answer is no error of OData."""
    try:
        error = answer.json()["error"]
        said = error["message"]
        return str(error.get("code") or ""), str(said.get("value", "") if isinstance(said, dict) else said)
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", ""


def sentence(answer: httpx.Response) -> str:
    """Give what an error says, with its code."""
    code, said = error_of(answer)
    return f"{said} ({code})" if code else said


def _entity(value: object, key: str, title: str) -> Row:
    """Give an entity, which names its key; raises Rejected where it does not."""
    if not isinstance(value, dict) or not isinstance(value.get(key), str) or not value[key]:
        raise _no_odata(title)
    return value


def _no_odata(title: str) -> Rejected:
    return Rejected(f"{title} does not answer as OData, version 2, does", code="refused")
