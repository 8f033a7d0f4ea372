"""SAP S/4HANA: sales orders and outbound deliveries, read by OData whenever they changed.

What no date of a change tells, such as a deletion, is found by reading the open documents again. Events are hints
(`connectors.sources.sap_event_mesh`).

Account: url `https://HOST/sap/opu/odata/sap`; secret: `USER:PASSWORD` of a communication user, or `ID:SECRET` of an
OAuth client where the option `token_url` names its authorisation server; zone: the system's, in which dates are;
options: `token_url`; `client`, the SAP client; `sales_organisation`, where only one's documents are to be read;
`since`, RFC 3339, how far back the first poll goes (everything, unless given); and those of `mappings.erp.sap_odata`.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from functools import partial

from connectors.pollers import payload
from connectors.pollers.http import new_client
from connectors.pollers.sap_odata_api import Row, SapOData, api_of, literal
from connectors.pollers.sap_odata_changes import Changes, begin
from connectors.pollers.sap_odata_documents import DELIVERY_ITEMS, GOODS_ISSUE, KINDS, ORDER, Kind, kept, read
from connectors.pollers.since import SINCE, first_poll
from connectors.probing import problems_of
from connectors.reading import json_body
from connectors.targets.http import check_url
from contracts.clock import WallClock
from contracts.connector import Document, Poller, Reading
from contracts.errors import Rejected
from contracts.moment import zone
from contracts.settings import PollerAccount
from mappings.erp import options
from mappings.erp import sap_odata as mapping

ORGANISATION = "sales_organisation"
OPTIONS = frozenset({"token_url", "client", ORGANISATION, SINCE, mapping.TRACKING})


def check(account: PollerAccount) -> None:
    """Refuse an account whose url, secret or options are wrong; raises Rejected, naming the one at fault."""
    check_url(account)
    if account.secret is None:
        raise Rejected("no `secret`: it is `USER:PASSWORD`, or `ID:SECRET` of an OAuth client", code="bad_option")
    if (token_url := account.options.get("token_url")) is not None:
        check_url(account.model_copy(update={"url": token_url}))
    first_poll(account)
    tracking = account.options.get(mapping.TRACKING)
    if tracking is not None and tracking not in mapping.TRACKING_FIELDS:
        known = ", ".join(mapping.TRACKING_FIELDS)
        raise Rejected(f"the option `tracking` is {tracking!r}; expected one of {known}", code="bad_option")
    told = {name: value for name, value in account.options.items() if name not in OPTIONS}
    if options.DELIVERY_DAYS in told:
        raise Rejected(f"the option `{options.DELIVERY_DAYS}` is unknown: SAP promises the delivery", code="bad_option")
    options.check(told, OPTIONS)


class SapODataSession:
    """An open connection to one system; see `contracts.connector.PollSession`."""

    def __init__(self, api: SapOData, account: PollerAccount, clock: WallClock) -> None:
        """Take the API, the account and the clock by which readings are dated."""
        self._api = api
        self._account = account
        self._clock = clock
        organisation = account.options.get(ORGANISATION)
        self._organisation = [f"SalesOrganization eq {literal(organisation)}"] if organisation else []
        self._mark = ""

    @property
    def mark(self) -> str:
        """The latest change that the last `changed_since` saw, RFC 3339."""
        return self._mark

    async def changed_since(self, mark: str) -> AsyncIterator[Reading]:
        """Read every document that changed since `mark`."""
        since = begin(mark, first_poll(self._account), self._account.overlap_seconds)
        changes = Changes(self._api, self._organisation, zone(self._account.zone))
        read_at = self._clock.now()
        async for kind, rows in changes.since(since):
            for row in rows:
                yield self._reading(kind, row, read_at, afresh=False)
            read_at = self._clock.now()
        self._mark = max(mark, changes.mark)

    async def read_again(self, documents: Sequence[Document]) -> AsyncIterator[Reading]:
        """Read these documents; one that is not there any more is a withdrawal."""
        for document in documents:
            if (kind := KINDS.get(document.kind)) is None or not document.remote:
                continue
            found = self._read(kind, [document.remote])
            async for reading in payload.or_withdrawn(document, found, self._clock.now()):
                yield reading

    async def of_order(self, order: str) -> AsyncIterator[Reading]:
        """Read the sales order of this number, and every delivery with an item for it."""
        read_at = self._clock.now()
        if (found := await read(self._api, ORDER, order)) is None:
            return
        yield self._reading(ORDER, found, read_at, afresh=True)
        serving = [f"ReferenceSDDocument eq {literal(order)}"]
        pages = self._api.pages(DELIVERY_ITEMS, GOODS_ISSUE.key, serving, select=GOODS_ISSUE.key)
        names = {str(row[GOODS_ISSUE.key]) async for rows in pages for row in rows}
        async for reading in self._read(GOODS_ISSUE, names, afresh=True):
            yield reading

    def withdrawal(self, document: Document, read_at: datetime) -> Reading:
        """Make the reading that says a document no longer exists under this name."""
        return payload.withdrawal(document, read_at)

    async def _read(self, kind: Kind, names: Collection[str], *, afresh: bool = False) -> AsyncIterator[Reading]:
        for name in sorted(names):
            read_at = self._clock.now()
            if (found := await read(self._api, kind, name)) is not None:
                yield self._reading(kind, found, read_at, afresh=afresh)

    def _reading(self, kind: Kind, found: Row, read_at: datetime, *, afresh: bool) -> Reading:
        number: str = found[kind.key]
        document = Document(kind.name, number, number)
        return payload.reading(document, kept(found), read_at, is_open=kind.is_open(found), afresh=afresh)


@asynccontextmanager
async def open_sap(account: PollerAccount, secret: str | None, clock: WallClock) -> AsyncIterator[SapODataSession]:
    """Open a session; raises Rejected where the secret is no pair."""
    async with _api(account, secret) as api:
        yield SapODataSession(api, account, clock)


@asynccontextmanager
async def _api(account: PollerAccount, secret: str | None) -> AsyncIterator[SapOData]:
    if not secret or ":" not in secret:
        reason = f"the secret of {account.name} is not `USER:PASSWORD`, nor `ID:SECRET` of an OAuth client"
        raise Rejected(reason, code="unauthorised")
    async with new_client() as client:
        yield api_of(account, secret, client)


async def probe(account: PollerAccount, secret: str | None) -> Sequence[str]:
    """Give what is missing at the running system, a sentence each: services and rights."""
    async with _api(account, secret) as api:

        async def readable(path: str, key: str, fields: Sequence[str]) -> Sequence[str]:
            await api.one(path, key, fields)
            return ()

        kinds = [partial(readable, kind.path, kind.key, kind.changed) for kind in KINDS.values()]
        return await problems_of(*kinds, partial(readable, DELIVERY_ITEMS, GOODS_ISSUE.key, ()))


SAP_ODATA = Poller(
    name="sap-odata",
    title="SAP S/4HANA by OData (sales orders, outbound deliveries)",
    documentation=(
        "https://api.sap.com/api/API_SALES_ORDER_SRV/overview",
        "https://api.sap.com/api/API_OUTBOUND_DELIVERY_SRV_0002/overview",
        "https://www.odata.org/documentation/odata-version-2-0/uri-conventions/",
        "https://userapps.support.sap.com/sap/support/knowledge/en/3555785",
    ),
    read_on=date(2026, 11, 21),
    check=check,
    open=open_sap,
    read=json_body(),
    to_events=mapping.to_events,
    probe=probe,
)
