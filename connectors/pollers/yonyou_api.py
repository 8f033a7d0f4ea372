"""Reading documents of Yonyou (用友) YonBIP over its open platform, and what each of its refusals means.

    GET  AUTH/open-auth/selfAppAuth/base/v1/getAccessToken?appKey&timestamp&signature
         {"code": "00000", "data": {"access_token", "expire": 7200}}
    POST GATEWAY/yonbip/…/list?access_token     {"pageIndex", "pageSize", "isSum", "simpleVOs", "queryOrders"}
         {"code": "200", "data": {"recordCount", "recordList": […]}}
    GET  GATEWAY/yonbip/…/detail?access_token&id    {"code": "200", "data": {…}}

The signature is the base64 of an HMAC-SHA256, with the app's secret, of names and values of the other parameters in the
order of their names. A refusal is a success of HTTP with another `code`, as text or as a number; a token that is not
good any more may be told as plain text, too, and is fetched again once. Each list and each detail may be called 60
times a minute, so calls wait for their turn; no page says when a limit that was hit ends, so a minute is waited.

A list that loses a document while its pages are read is read anew: else one would slip through between two pages.

Sources, of https://open.yonyoucloud.com: "获取 access_token", "返回码说明", "销售订单列表查询" (ops, pages, limits),
"销售出库列表查询", "销售出库详情查询", and the notice of 2026-01-26 on limits.
"""

import hashlib
import hmac
import json
import time
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx

from connectors.pollers.http import SENTENCE_LIMIT, Caller
from connectors.pollers.pacing import Pace
from contracts.errors import Rejected, Retryable

Row = dict[str, Any]
Condition = Mapping[str, str]

PAGE = 500
"""How many records an answer may have; no page states the most that are given."""
CALLS, SECONDS = 60, 60.0
TRIES = 3
TOKEN = "/open-auth/selfAppAuth/base/v1/getAccessToken"  # noqa: S105 - a path
GIVEN, DONE, ABSENT, NOT_FOUND_OR_FAILED = "00000", "200", "1002", "999"
NO_TOKEN = frozenset({"310001", "310003", "310036"})
NO_APP = frozenset({"310005", "310006", "10018"})
LIMITED = frozenset({"310032", "310039", "310042", "310046"})
AWAY = frozenset({"202", "310007", "310043", "310071", "310072", "310076", "310077", "310504", "315001"})
REFUSED: Mapping[int, str] = {404: "does the url end with `/iuap-api-gateway`?"}
_BAD_TOKEN = "非法token"  # noqa: S105 - what the gateway says
_JSON = {"Content-Type": "application/json"}


class YonBip:
    """The open platform of one tenant. Its methods raise as `connectors.pollers.http` does."""

    def __init__(self, caller: Caller, auth_url: str, app_key: str, app_secret: str, pace: Pace) -> None:
        """Take who calls it, where tokens are given and to which app, and how fast it may be called."""
        self.caller = caller
        self._auth_url = auth_url.rstrip("/")
        self._app_key = app_key
        self._app_secret = app_secret
        self._pace = pace
        self._token = ""

    async def heads(self, path: str, conditions: Sequence[Condition], named: Mapping[str, str]) -> list[Row]:
        """Give the heads of all documents that meet every condition, in the order of their ids."""
        for _ in range(TRIES):
            found, counts, complete = dict[str, Row](), list[int](), False
            while not complete:
                rows, count = await self.page(path, len(counts) + 1, PAGE, conditions, named)
                found.update({str(row["id"]): row for row in rows})
                counts.append(count)
                complete = len(rows) < PAGE or len(counts) * PAGE >= count
            if counts == sorted(counts):
                return list(found.values())
        raise Retryable(f"{self.caller.title}: documents vanish while {path} is read", code="server_error")

    async def page(
        self, path: str, index: int, size: int, conditions: Sequence[Condition], named: Mapping[str, str]
    ) -> tuple[list[Row], int]:
        """Give one page of heads, and of how many all pages are."""
        asked = {
            "pageIndex": index,
            "pageSize": size,
            "isSum": True,
            "simpleVOs": list(conditions),
            "queryOrders": [{"field": "id", "order": "asc"}],
            **named,
        }
        code, told = await self._call("POST", path, {}, json.dumps(asked, ensure_ascii=False).encode())
        data = told.get("data")
        rows = data.get("recordList") if isinstance(data, dict) else None
        count = data.get("recordCount") if isinstance(data, dict) else None
        if code != DONE:
            raise self._refusal(path, code, told)
        if not isinstance(rows, list) or not isinstance(count, int) or not all(_is_head(row) for row in rows):
            raise Rejected(f"{self.caller.title} does not answer {path} as documented", code="refused")
        return rows, count

    async def detail(self, path: str, list_path: str, number: str) -> Row | None:
        """Give a whole document; None where there is none of this id.

        999 may be a document that is not there or a failure over there: the list tells which.
        """
        code, told = await self._call("GET", path, {"id": number}, None)
        if code == ABSENT:
            return None
        if code == NOT_FOUND_OR_FAILED:
            by_id = [{"field": "id", "op": "eq", "value1": number}]
            rows, _ = await self.page(list_path, 1, 1, by_id, {})
            if not rows:
                return None
        if code != DONE:
            raise self._refusal(path, code, told)
        found: Row = told.get("data") or {}
        if not _is_head(found):
            raise Rejected(f"{self.caller.title} does not answer {path} as documented", code="refused")
        return found

    async def _call(self, method: str, path: str, params: Mapping[str, str], content: bytes | None) -> tuple[str, Row]:
        told = await self._once(method, path, params, content)
        if _code(told) in NO_TOKEN:
            self._token = ""
            told = await self._once(method, path, params, content)
        return _code(told), told

    async def _once(self, method: str, path: str, params: Mapping[str, str], content: bytes | None) -> Row:
        if not self._token:
            self._token = await self._fetched()
        await self._pace.turn(path)
        given = {"access_token": self._token, **params}
        answer = await self.caller.ask(method, path.lstrip("/"), params=given, content=content, headers=_JSON)
        if answer.text.strip() == _BAD_TOKEN:
            return {"code": "310036", "message": _BAD_TOKEN}
        return self._object(answer)

    async def _fetched(self) -> str:
        given = {"appKey": self._app_key, "timestamp": str(int(time.time() * 1000))}
        params = {**given, "signature": signature(given, self._app_secret)}
        told = self._object(await self.caller.ask("GET", self._auth_url + TOKEN, params=params, headers=_JSON))
        if _code(told) != GIVEN:
            refusal = self._refusal("the token", _code(told), told)
            if isinstance(refusal, Retryable):
                raise refusal
            raise Rejected(refusal.reason, code="unauthorised")
        data = told.get("data")
        token = data.get("access_token") if isinstance(data, dict) else None
        if not isinstance(token, str) or not token:
            raise Rejected(f"{self.caller.title} gives no `access_token`", code="refused")
        return token

    def _object(self, answer: httpx.Response) -> Row:
        told = self.caller.json(answer)
        if not isinstance(told, dict):
            raise Rejected(f"{self.caller.title} does not answer as the open platform does", code="refused")
        return told

    def _refusal(self, what: str, code: str, told: Row) -> Rejected | Retryable:
        said = " ".join(str(told.get("message") or "no reason").split())[:SENTENCE_LIMIT]
        reason = f"{self.caller.title} refuses {what}: {said} ({code})"
        if code in LIMITED:
            return Retryable(reason, code="throttled", retry_after=timedelta(seconds=SECONDS))
        if code in AWAY:
            return Retryable(reason, code="server_error")
        return Rejected(reason, code="unauthorised" if code in NO_TOKEN | NO_APP else "refused")


def signature(params: Mapping[str, str], secret: str) -> str:
    """Sign parameters: names and values, one after another, in the order of their names."""
    text = "".join(f"{name}{params[name]}" for name in sorted(params))
    return b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()).decode()


def sentence(answer: httpx.Response) -> str:
    """Give what the gateway says about an error, with its code."""
    try:
        told = answer.json()
        return f"{told['message']} ({told['code']})"
    except (ValueError, KeyError, TypeError):
        return ""


def _code(told: Row) -> str:
    return str(told.get("code", ""))


def _is_head(value: object) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("id"), int | str)
        and isinstance(value.get("code"), str)
        and bool(value["code"])
    )
