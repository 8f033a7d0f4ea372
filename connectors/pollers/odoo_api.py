"""Reading records of Odoo over either of its APIs: JSON-2 from version 19 on, XML-RPC for 17 and 18.

Both give the same values: an empty field is `false`, a many2one `[id, name]`, a one2many a list of ids, an instant
`YYYY-MM-DD HH:MM:SS` in UTC. JSON-2 says what went wrong by its HTTP status; XML-RPC answers 200 with a fault:

    3 access denied                        Rejected `unauthorised`: the key or the login is wrong
    4 access error, 2 a warning            Rejected `refused`, with Odoo's own sentence
    1 anything else, with a traceback      Retryable `server_error`, with the traceback's last line

Sources: https://www.odoo.com/documentation/19.0/developer/reference/external_api.html (JSON-2) and
https://www.odoo.com/documentation/18.0/developer/reference/external_api.html (XML-RPC); the numbers of faults:
https://github.com/odoo/odoo/blob/18.0/addons/rpc/controllers/xmlrpc.py (until 18: odoo/addons/base/controllers/rpc.py).
"""

import json
import xmlrpc.client as xmlrpc
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from xml.parsers.expat import ExpatError

from connectors.pollers.http import Caller
from contracts.errors import Rejected, Retryable

Row = dict[str, Any]
Domain = Sequence[object]

PAGE = 500
CONTEXT = {"lang": "en_US", "active_test": False}
"""Names of units are those of the table, whatever the user's language; archived products are read as well."""
ACCESS_DENIED, ACCESS_ERROR, WARNING = 3, 4, 2


class OdooApi(Protocol):
    """One of the two. Its methods raise as the module says, and as `connectors.pollers.http`."""

    @property
    def answered_at(self) -> datetime | None:
        """The server's own time at its last answer."""

    async def call(self, model: str, method: str, /, **arguments: object) -> Any:  # noqa: ANN401 - the method's own
        """Call a method of a model by the names of its arguments."""


async def pages(api: OdooApi, model: str, domain: Domain, fields: Sequence[str]) -> AsyncIterator[list[Row]]:
    """Give all records in `domain`, page by page: each begins behind the last id, so that none is skipped."""
    behind = 0
    while rows := await search_read(api, model, [["id", ">", behind], *domain], fields, PAGE):
        yield rows
        if len(rows) < PAGE:
            return
        behind = rows[-1]["id"]


async def by_ids(api: OdooApi, model: str, ids: Collection[int], fields: Sequence[str]) -> AsyncIterator[Row]:
    """Give the records with these ids that there are, by rising id; nothing is asked for none."""
    wanted = sorted(ids)
    for start in range(0, len(wanted), PAGE):
        for row in await search_read(api, model, [["id", "in", wanted[start : start + PAGE]]], fields, PAGE):
            yield row


async def search_read(api: OdooApi, model: str, domain: Domain, fields: Sequence[str], limit: int) -> list[Row]:
    """Give the records of `model` in `domain`, at most `limit`, by rising id."""
    rows = await api.call(
        model, "search_read", domain=list(domain), fields=list(fields), offset=0, limit=limit, order="id asc"
    )
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Rejected(f"`search_read` of {model} gave no records: is this Odoo?", code="refused")
    return rows


@dataclass(frozen=True, slots=True)
class Json2:
    """JSON-2: `POST /json/2/MODEL/METHOD`, the key as a bearer token."""

    caller: Caller

    @property
    def answered_at(self) -> datetime | None:
        """The server's own time at its last answer."""
        return self.caller.answered_at

    async def call(self, model: str, method: str, /, **arguments: object) -> Any:  # noqa: ANN401 - the method's own
        """Call a method."""
        body = json.dumps({**arguments, "context": CONTEXT}).encode()
        return self.caller.json(await self.caller.ask("POST", f"json/2/{model}/{method}", content=body))


@dataclass(slots=True)
class XmlRpc:
    """XML-RPC: `common.authenticate` once a session, then `object.execute_kw`; the key takes the password's place."""

    caller: Caller
    database: str
    login: str
    key: str
    _user: int | None = field(default=None)

    @property
    def answered_at(self) -> datetime | None:
        """The server's own time at its last answer."""
        return self.caller.answered_at

    async def call(self, model: str, method: str, /, **arguments: object) -> Any:  # noqa: ANN401 - the method's own
        """Call a method."""
        if self._user is None:
            self._user = await self._authenticate()
        named = {**arguments, "context": CONTEXT}
        return await self._ask("object", "execute_kw", self.database, self._user, self.key, model, method, [], named)

    async def _authenticate(self) -> int:
        user = await self._ask("common", "authenticate", self.database, self.login, self.key, {})
        if not isinstance(user, int) or not user:
            raise Rejected(f"{self.caller.title} refuses the login {self.login!r} with this key", code="unauthorised")
        return user

    async def _ask(self, service: str, method: str, *arguments: object) -> Any:  # noqa: ANN401 - the method's own
        body = xmlrpc.dumps(arguments, method).encode()  # type: ignore[arg-type] # typeshed narrows what it marshals
        answer = await self.caller.ask("POST", f"xmlrpc/2/{service}", content=body)
        try:
            (value,), _ = xmlrpc.loads(answer.text, use_builtin_types=True)
        except xmlrpc.Fault as fault:
            raise failure(fault, self.caller.title) from fault
        except (ExpatError, xmlrpc.ResponseError, ValueError) as error:
            raise Rejected(f"{self.caller.title} answers no XML-RPC: is the url right?", code="refused") from error
        return value


def failure(fault: xmlrpc.Fault, title: str) -> Rejected | Retryable:
    """Name a fault by what happens next; of a traceback its last line is told."""
    told = str(fault.faultString).strip()
    if fault.faultCode == ACCESS_DENIED:
        return Rejected(f"{title} denies access: {told[:200]} (is the key still valid?)", code="unauthorised")
    if fault.faultCode in {ACCESS_ERROR, WARNING}:
        return Rejected(f"{title} refused: {' '.join(told.split())[:300]}", code="refused")
    last = told.splitlines()[-1][:300] if told else "no word about it"
    return Retryable(f"{title} failed: {last}", code="server_error")
