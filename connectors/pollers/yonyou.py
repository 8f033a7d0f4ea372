"""Yonyou (用友) YonBIP: 销售订单 and 销售出库单, listed by `pubts` whenever they were touched, and read one by one.

What does not move `pubts`, such as a deletion, is found by reading the open documents again. Goods that come back
(出库方向 1) are not read.

Account: url `https://HOST/iuap-api-gateway`, of the tenant's data centre; secret: `APP KEY:APP SECRET` of an app that
was granted both lists and details; zone: in which its times are; options: `auth_url`, where tokens are given, if that
is not the same host's `/iuap-api-auth`; `since`, RFC 3339, how far back the first poll goes (everything, unless given);
and those of `mappings.erp.yonyou`.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from functools import partial

import httpx

from connectors.pollers import payload
from connectors.pollers.http import Caller, new_client
from connectors.pollers.pacing import Pace
from connectors.pollers.since import SINCE, first_poll
from connectors.pollers.wall_clock import begin, latest
from connectors.pollers.yonyou_api import CALLS, REFUSED, SECONDS, Row, YonBip, sentence
from connectors.pollers.yonyou_documents import KINDS, ORDER, Kind, kept, naming
from connectors.pollers.yonyou_documents import since as touched_since
from connectors.probing import problems_of
from connectors.reading import json_body
from connectors.targets.http import check_url
from contracts.clock import WallClock
from contracts.connector import Document, Poller, Reading
from contracts.errors import Rejected
from contracts.moment import zone
from contracts.settings import PollerAccount
from mappings.erp import options
from mappings.erp import yonyou as mapping

AUTH_URL = "auth_url"
OPTIONS = frozenset({SINCE, AUTH_URL})
GATEWAY, AUTH = "/iuap-api-gateway", "/iuap-api-auth"


def check(account: PollerAccount) -> None:
    """Refuse an account whose url, secret or options are wrong; raises Rejected, naming the one at fault."""
    check_url(account)
    if account.secret is None:
        raise Rejected("no `secret`: it is `APP KEY:APP SECRET` of the open platform", code="bad_option")
    check_url(account.model_copy(update={"url": auth_url(account)}))
    first_poll(account)
    options.check({name: value for name, value in account.options.items() if name not in OPTIONS}, OPTIONS)


def auth_url(account: PollerAccount) -> str:
    """Say where tokens are given; raises Rejected where neither the url nor an option tells."""
    if told := account.options.get(AUTH_URL):
        return told
    host, found, rest = account.url.rstrip("/").rpartition(GATEWAY)
    if not found or rest:
        reason = f"the url does not end with `{GATEWAY}`, so the option `{AUTH_URL}` must say where tokens are given"
        raise Rejected(reason, code="bad_option")
    return host + AUTH


class YonyouSession:
    """An open connection to one tenant; see `contracts.connector.PollSession`."""

    def __init__(self, api: YonBip, account: PollerAccount, clock: WallClock) -> None:
        """Take the API, the account and the clock by which readings are dated."""
        self._api = api
        self._account = account
        self._clock = clock
        self._mark = ""

    @property
    def mark(self) -> str:
        """The highest `pubts` that the last `changed_since` saw, as the platform writes it, in its own zone."""
        return self._mark

    async def changed_since(self, mark: str) -> AsyncIterator[Reading]:
        """Read every document that was touched since `mark`."""
        here = zone(self._account.zone)
        start = begin(mark, first_poll(self._account), self._clock.now(), self._account.overlap_seconds, here)
        conditions: list[Mapping[str, str]] = [] if start is None else [touched_since(start)]
        highest, answered_at = "", None
        for kind in KINDS.values():
            heads = await self._api.heads(kind.list_path, conditions, {})
            answered_at = answered_at or self._api.caller.answered_at
            highest = max([highest, *(str(row.get("pubts") or "") for row in heads)])
            async for reading in self._read(kind, (str(row["id"]) for row in heads)):
                yield reading
        self._mark = max(mark, latest(highest, answered_at, here))

    async def read_again(self, documents: Sequence[Document]) -> AsyncIterator[Reading]:
        """Read these documents; one that is not there any more is a withdrawal."""
        for document in documents:
            remote = document.remote
            if (kind := KINDS.get(document.kind)) is None or not (remote.isascii() and remote.isalnum()):
                continue
            found = self._read(kind, [remote])
            async for reading in payload.or_withdrawn(document, found, self._clock.now()):
                yield reading

    async def of_order(self, order: str) -> AsyncIterator[Reading]:
        """Read the order of this number, and every 销售出库单 with a row for it."""
        for kind in KINDS.values():
            conditions, named = naming(kind, order)
            heads = await self._api.heads(kind.list_path, conditions, named)
            ids = [str(row["id"]) for row in heads if kind is not ORDER or row["code"] == order]
            if kind is ORDER and not ids:
                return
            async for reading in self._read(kind, ids, afresh=True):
                yield reading

    def withdrawal(self, document: Document, read_at: datetime) -> Reading:
        """Make the reading that says a document no longer exists under this number."""
        return payload.withdrawal(document, read_at)

    async def _read(self, kind: Kind, ids: Iterable[str], *, afresh: bool = False) -> AsyncIterator[Reading]:
        for number in ids:
            read_at = self._clock.now()
            found = await self._api.detail(kind.detail_path, kind.list_path, number)
            if found is not None and kind.includes(found):
                yield self._reading(kind, found, read_at, afresh=afresh)

    def _reading(self, kind: Kind, found: Row, read_at: datetime, *, afresh: bool) -> Reading:
        document = Document(kind.name, found["code"], str(found["id"]))
        return payload.reading(document, kept(kind, found), read_at, is_open=kind.is_open(found), afresh=afresh)


@asynccontextmanager
async def open_yonyou(account: PollerAccount, secret: str | None, clock: WallClock) -> AsyncIterator[YonyouSession]:
    """Open a session; raises Rejected where the secret is no pair."""
    async with _api(account, secret) as api:
        yield YonyouSession(api, account, clock)


@asynccontextmanager
async def _api(account: PollerAccount, secret: str | None) -> AsyncIterator[YonBip]:
    if not secret or ":" not in secret:
        raise Rejected(f"the secret of {account.name} is not `APP KEY:APP SECRET`", code="unauthorised")
    async with new_client() as client:
        yield api_of(account, secret, client, Pace(CALLS, SECONDS))


def api_of(account: PollerAccount, secret: str, client: httpx.AsyncClient, pace: Pace) -> YonBip:
    """Give the API of an account's tenant over a client; no call is made yet."""
    url = account.url.rstrip("/")
    client.base_url = httpx.URL(url + "/")
    client.headers.update({"Accept": "application/json", "User-Agent": "Quayside"})
    key, _, app_secret = secret.partition(":")
    return YonBip(Caller(client, f"YonBIP at {url}", sentence, REFUSED), auth_url(account), key, app_secret, pace)


async def probe(account: PollerAccount, secret: str | None) -> Sequence[str]:
    """Give what is missing at the running platform, a sentence each: lists that the app was not granted."""
    async with _api(account, secret) as api:

        async def readable(kind: Kind) -> Sequence[str]:
            await api.page(kind.list_path, 1, 1, (), {})
            return ()

        return await problems_of(*(partial(readable, kind) for kind in KINDS.values()))


YONYOU = Poller(
    name="yonyou",
    title="Yonyou (用友) YonBIP (sales orders, sales issues)",
    documentation=(
        "https://open.yonyoucloud.com/#/doc-center/docDes/doc",
        "https://open.yonyoucloud.com/#/doc-center/docDes/api",
    ),
    read_on=date(2026, 11, 21),
    check=check,
    open=open_yonyou,
    read=json_body(),
    to_events=mapping.to_events,
    probe=probe,
)
