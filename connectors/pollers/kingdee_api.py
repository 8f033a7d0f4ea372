"""Asking Kingdee (金蝶) K/3 Cloud for bills, and what each of its refusals means.

    POST …DynamicFormService.ExecuteBillQuery.common.kdsvc
         {"data": {"FormId", "FieldKeys": "A,B.C", "FilterString", "OrderString", "StartRow", "Limit"}}
         -> [[…], […]], a flat row for each row of the bill, or for each bill where no field of a row is asked for
    POST …AuthService.LoginByAppSecret.common.kdsvc
         {"parameters": [ACCOUNT SET, USER, APP ID, APP SECRET, LANGUAGE]} -> {"LoginResultType": 1, …}

A request proves itself by its signature (`kingdee_signing`), or by the cookie of a session that was opened by
LoginByAppSecret. A refusal is a success of HTTP whose rows are `{"Result": {"ResponseStatus": {"IsSuccess": false,
"Errors": [{"Message"}], "MsgCode": …}}}`, or text that begins with `response_error:`. MsgCode 1 (会话信息已丢失) is a
session that has ended, or an app that may not sign on: it is opened again once. No page that can be reached lists the
other codes, so none of them is taken to pass by itself; 429 and 5xx of the gateway are.

Sources: https://codetd.com/article/8002203 (ExecuteBillQuery; at most 2000 rows) and the kit `kingdee.cdp.webapi.sdk`
8.2 that Kingdee publishes for Python.
"""

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from connectors.pollers.http import SENTENCE_LIMIT, Caller
from connectors.pollers.kingdee_signing import App
from contracts.errors import Rejected

PAGE = 2000
"""How many rows an answer may have."""
QUERY = "Kingdee.BOS.WebApi.ServicesStub.DynamicFormService.ExecuteBillQuery.common.kdsvc"
LOGIN = "Kingdee.BOS.WebApi.ServicesStub.AuthService.LoginByAppSecret.common.kdsvc"
REFUSED: Mapping[int, str] = {
    401: "are app id and secret right?",
    403: "may this address call it?",
    404: "does the url end with `/K3Cloud`?",
}
_SESSION_LOST, _LOST_SAID = 1, "会话信息已丢失"
_LOGGED_IN = 1
_RESPONSE_ERROR = b"response_error"
_JSON = {"Content-Type": "application/json; charset=utf-8"}


class Kingdee:
    """The API of one account set. Its methods raise as `connectors.pollers.http` does."""

    def __init__(self, caller: Caller, app: App, *, by_session: bool) -> None:
        """Take who calls it, as which app, and whether that opens a session instead of signing each request."""
        self.caller = caller
        self._app = app
        self._by_session = by_session
        self._is_open = False

    async def rows(
        self, form: str, fields: Sequence[str], condition: str, order: str, start: int = 0, limit: int = 0
    ) -> list[dict[str, Any]]:
        """Give rows that meet a condition as objects by field, at most `PAGE` of them, from the one at `start` on."""
        asked = {
            "FormId": form,
            "FieldKeys": ",".join(fields),
            "FilterString": condition,
            "OrderString": order,
            "StartRow": start,
            "Limit": limit or PAGE,
        }
        told = await self._query(asked)
        if lost := _is_lost(told):
            self._is_open = False
            self.caller.client.cookies.clear()
            told = await self._query(asked)
            lost = _is_lost(told)
        if status := _status_of(told):
            said = _said(status)
            code = "unauthorised" if lost else "refused"
            raise Rejected(f"{self.caller.title} refuses the query of {form}: {said}", code=code)
        if not isinstance(told, list) or any(not isinstance(row, list) or len(row) != len(fields) for row in told):
            raise Rejected(f"{self.caller.title} does not answer as ExecuteBillQuery does", code="refused")
        return [dict(zip(fields, row, strict=True)) for row in told]

    async def _query(self, asked: Mapping[str, object]) -> Any:  # noqa: ANN401 - JSON of either shape
        if self._by_session and not self._is_open:
            await self._log_in()
        return await self._post(QUERY, {"data": asked})

    async def _log_in(self) -> None:
        app = self._app
        told = await self._post(LOGIN, {"parameters": [app.account_set, app.user, app.id, app.secret, app.language]})
        if not isinstance(told, dict) or told.get("LoginResultType") != _LOGGED_IN:
            said = told.get("Message") if isinstance(told, dict) else ""
            reason = f"{self.caller.title} lets {app.user} not sign on: {str(said or 'no reason')[:SENTENCE_LIMIT]}"
            raise Rejected(reason, code="unauthorised")
        self._is_open = True

    async def _post(self, service: str, body: object) -> Any:  # noqa: ANN401 - JSON of either shape
        path = self.caller.client.base_url.path.rstrip("/") + "/" + service
        proof = {} if self._by_session else self._app.headers(path, int(time.time()), secrets.token_hex(16))
        content = json.dumps(body, ensure_ascii=False).encode()
        answer = await self.caller.ask("POST", service, content=content, headers={**_JSON, **proof})
        if answer.content.startswith(_RESPONSE_ERROR):
            said = " ".join(answer.text.partition(":")[2].split())[:SENTENCE_LIMIT]
            raise Rejected(f"{self.caller.title} refuses: {said}", code="refused")
        return self.caller.json(answer)


def caller_of(url: str, client: httpx.AsyncClient) -> Caller:
    """Give who calls the system at `url` over a client; no call is made yet."""
    client.base_url = httpx.URL(url.rstrip("/") + "/")
    client.headers.update({"Accept": "application/json", "User-Agent": "Quayside"})
    return Caller(client, f"Kingdee at {url}", lambda answer: answer.text[:SENTENCE_LIMIT], REFUSED)


def text(value: str) -> str:
    """Write text as a literal of a condition: quotes are doubled."""
    doubled = value.replace("'", "''")
    return f"'{doubled}'"


def _status_of(told: object) -> Mapping[str, Any] | None:
    """Give the status that an answer tells instead of rows, however deep it lies; None where it tells rows."""
    while isinstance(told, list) and told and isinstance(told[0], list | dict):
        told = told[0]
    if not isinstance(told, dict):
        return None
    result = told.get("Result")
    status = result.get("ResponseStatus") if isinstance(result, dict) else None
    return status if isinstance(status, dict) else {"Errors": [{"Message": "an answer without rows"}]}


def _is_lost(told: object) -> bool:
    status = _status_of(told)
    return status is not None and (status.get("MsgCode") == _SESSION_LOST or _LOST_SAID in _said(status))


def _said(status: Mapping[str, Any]) -> str:
    errors = status.get("Errors")
    told = [error.get("Message") for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
    said = "; ".join(str(one) for one in told if one) or "no reason"
    return f"{said} (MsgCode {status.get('MsgCode')})"[:SENTENCE_LIMIT]
