"""Kingdee (金蝶) K/3 Cloud: sales orders and outstocks, read by ExecuteBillQuery whenever they changed.

Kingdee pushes nothing that names a bill, so it is polled. Bills that were deleted are found by reading the open ones
again.

Account: url `https://HOST/K3Cloud`; secret: `APP ID:APP SECRET` of a third-party login (第三方系统登录授权); zone: the
server's, in which all its times are; options: `account_set`, the id of the account set (账套), and `user`, as whom the
app signs on, both needed; `login`, `signature` (each request is signed, unless told otherwise) or `session`
(LoginByAppSecret); `language` (2052) and `organisation` (0) of the sign-on; `sales_organisation`, the number of the one
whose bills are read; `since`, RFC 3339, how far back the first poll goes (everything, unless given); and `unit.NAME`
(`mappings.erp.options`).
"""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from functools import partial

import httpx

from connectors.pollers import payload
from connectors.pollers.http import new_client
from connectors.pollers.kingdee_api import Kingdee, caller_of, text
from connectors.pollers.kingdee_bills import FORMS, GOODS_ISSUE, ORDER, Form, bills, changed_at, heads
from connectors.pollers.kingdee_bills import since as changed_since
from connectors.pollers.kingdee_signing import App
from connectors.pollers.since import SINCE, first_poll
from connectors.pollers.wall_clock import begin, latest
from connectors.probing import problems_of
from connectors.reading import json_body
from connectors.targets.http import check_url
from contracts.clock import WallClock
from contracts.connector import Document, Poller, Reading
from contracts.errors import Rejected
from contracts.moment import zone
from contracts.settings import PollerAccount
from mappings.erp import kingdee as mapping
from mappings.erp import options

LOGIN, SALES = "login", "sales_organisation"
NEEDED = ("account_set", "user")
OPTIONS = frozenset({*NEEDED, LOGIN, "language", "organisation", SALES, SINCE})
SIGNATURE, SESSION = "signature", "session"


def check(account: PollerAccount) -> None:
    """Refuse an account whose url, secret or options are wrong; raises Rejected, naming the one at fault."""
    check_url(account)
    if account.secret is None:
        raise Rejected("no `secret`: it is `APP ID:APP SECRET` of a third-party login", code="bad_option")
    for name in NEEDED:
        if not account.options.get(name):
            raise Rejected(f"no option `{name}`: as whom and where the app signs on", code="bad_option")
    login = account.options.get(LOGIN, SIGNATURE)
    if login not in {SIGNATURE, SESSION}:
        raise Rejected(f"the option `{LOGIN}` is {login!r}; expected {SIGNATURE} or {SESSION}", code="bad_option")
    first_poll(account)
    told = {name: value for name, value in account.options.items() if name not in OPTIONS}
    if options.DELIVERY_DAYS in told:
        raise Rejected(
            f"the option `{options.DELIVERY_DAYS}` is unknown: Kingdee promises the delivery", code="bad_option"
        )
    options.check(told, OPTIONS)


class KingdeeSession:
    """An open connection to one account set; see `contracts.connector.PollSession`."""

    def __init__(self, api: Kingdee, account: PollerAccount, clock: WallClock) -> None:
        """Take the API, the account and the clock by which readings are dated."""
        self._api = api
        self._account = account
        self._clock = clock
        organisation = account.options.get(SALES)
        self._organisation = f"FSaleOrgId.FNumber = {text(organisation)}" if organisation else ""
        self._mark = ""

    @property
    def mark(self) -> str:
        """The latest change that the last `changed_since` saw, as the server writes it, in its own zone."""
        return self._mark

    async def changed_since(self, mark: str) -> AsyncIterator[Reading]:
        """Read every bill that changed since `mark`."""
        here = zone(self._account.zone)
        start = begin(mark, first_poll(self._account), self._clock.now(), self._account.overlap_seconds, here)
        highest, answered_at = "", None
        for form in FORMS.values():
            written = "" if start is None else changed_since(form, start)
            async for rows in heads(self._api, form, self._and(written)):
                answered_at = answered_at or self._api.caller.answered_at
                highest = max([highest, *(changed_at(form, row) for row in rows)])
                async for reading in self._read(form, [row["FID"] for row in rows]):
                    yield reading
        self._mark = max(mark, latest(highest, answered_at, here))

    async def read_again(self, documents: Sequence[Document]) -> AsyncIterator[Reading]:
        """Read these bills; one that is not there any more is a withdrawal."""
        for document in documents:
            remote = document.remote
            if (form := FORMS.get(document.kind)) is None or not (remote.isascii() and remote.isdigit()):
                continue
            found = self._read(form, [int(remote)])
            async for reading in payload.or_withdrawn(document, found, self._clock.now()):
                yield reading

    async def of_order(self, order: str) -> AsyncIterator[Reading]:
        """Read the order of this number, and every outstock with a row for it."""
        for form in (ORDER, GOODS_ISSUE):
            naming = self._and(f"{form.order} = {text(order)}")
            ids = [row["FID"] async for rows in heads(self._api, form, naming) for row in rows]
            if form is ORDER and not ids:
                return
            async for reading in self._read(form, set(ids), afresh=True):
                yield reading

    def withdrawal(self, document: Document, read_at: datetime) -> Reading:
        """Make the reading that says a bill no longer exists under this number."""
        return payload.withdrawal(document, read_at)

    def _and(self, condition: str) -> str:
        return " and ".join(one for one in (self._organisation, condition) if one)

    async def _read(self, form: Form, ids: Collection[int], *, afresh: bool = False) -> AsyncIterator[Reading]:
        read_at = self._clock.now()
        async for number, bill in bills(self._api, form, ids):
            document = Document(form.kind, str(bill["FBillNo"]), str(number))
            yield payload.reading(document, bill, read_at, is_open=form.is_open(bill), afresh=afresh)
            read_at = self._clock.now()


@asynccontextmanager
async def open_kingdee(account: PollerAccount, secret: str | None, clock: WallClock) -> AsyncIterator[KingdeeSession]:
    """Open a session; raises Rejected where the secret is no pair."""
    async with _api(account, secret) as api:
        yield KingdeeSession(api, account, clock)


@asynccontextmanager
async def _api(account: PollerAccount, secret: str | None) -> AsyncIterator[Kingdee]:
    if not secret or ":" not in secret:
        reason = f"the secret of {account.name} is not `APP ID:APP SECRET` of a third-party login"
        raise Rejected(reason, code="unauthorised")
    async with new_client() as client:
        yield api_of(account, secret, client)


def api_of(account: PollerAccount, secret: str, client: httpx.AsyncClient) -> Kingdee:
    """Give the API of an account's system over a client; no call is made yet."""
    told = account.options
    app_id, _, app_secret = secret.partition(":")
    language, organisation = told.get("language", "2052"), told.get("organisation", "0")
    app = App(app_id, app_secret, told["account_set"], told["user"], language, organisation)
    return Kingdee(caller_of(account.url, client), app, by_session=told.get(LOGIN) == SESSION)


async def probe(account: PollerAccount, secret: str | None) -> Sequence[str]:
    """Give what is missing at the running system, a sentence each: forms, fields and rights."""
    async with _api(account, secret) as api:

        async def readable(form: Form) -> Sequence[str]:
            fields = ("FID", *form.changed, *form.head, form.entry, *form.entries)
            await api.rows(form.id, fields, "", "", limit=1)
            return ()

        return await problems_of(*(partial(readable, form) for form in FORMS.values()))


KINGDEE = Poller(
    name="kingdee",
    title="Kingdee (金蝶) K/3 Cloud (sales orders, outstocks)",
    documentation=(
        "https://codetd.com/article/8002203",
        "https://qliang.cloud/api/cce5a25d-172e-3801-84f8-266d490fe308",
    ),
    read_on=date(2026, 11, 21),
    check=check,
    open=open_kingdee,
    read=json_body(),
    to_events=mapping.to_events,
    probe=probe,
)
