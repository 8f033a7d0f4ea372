"""ERPNext 14 to 16: sales orders, delivery notes and returns, read again whenever they or their shipments were written.

Frappe writes `modified` of a document with every one of its rows. What that does not tell (a deletion, and statuses
that are set without it) is found by reading the open documents again. Webhooks are hints
(`connectors.sources.erpnext_webhook`).

Account: url `https://SITE`; secret: `KEY:SECRET` of a user who may read sales orders, delivery notes, shipments,
addresses and countries; zone: the site's, in which all its times are; options: `company`, its name, where only one
company's documents are to be read; `since`, RFC 3339, how far back the first poll goes (everything, unless given); and
`unit.NAME` (`mappings.erp.options`).
"""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from functools import partial

from connectors.pollers import payload
from connectors.pollers.erpnext_api import ErpNext, Row, api_of
from connectors.pollers.erpnext_changes import begin, changes_since
from connectors.pollers.erpnext_documents import KINDS, ORDER, Documents, Kind
from connectors.pollers.http import new_client
from connectors.pollers.since import SINCE, first_poll
from connectors.probing import problems_of
from connectors.reading import json_body
from connectors.targets.http import check_url
from contracts.clock import WallClock
from contracts.connector import Document, Poller, Reading
from contracts.errors import Rejected
from contracts.moment import zone
from contracts.settings import PollerAccount
from mappings.erp import erpnext as mapping
from mappings.erp import options

COMPANY = "company"
OPTIONS = frozenset({COMPANY, SINCE})
"""The poller's own options; all others are the mapping's."""


def check(account: PollerAccount) -> None:
    """Refuse an account whose url, secret or options are wrong; raises Rejected, naming the one at fault."""
    check_url(account)
    if account.secret is None:
        raise Rejected("no `secret`: it is `KEY:SECRET` of ERPNext's user", code="bad_option")
    first_poll(account)
    told = {name: value for name, value in account.options.items() if name not in OPTIONS}
    if options.DELIVERY_DAYS in told:
        raise Rejected(
            f"the option `{options.DELIVERY_DAYS}` is unknown: ERPNext promises the delivery", code="bad_option"
        )
    options.check(told, OPTIONS)


class ErpNextSession:
    """An open connection to one site; see `contracts.connector.PollSession`."""

    def __init__(self, api: ErpNext, account: PollerAccount, clock: WallClock) -> None:
        """Take the API, the account and the clock by which readings are dated."""
        self._api = api
        self._account = account
        self._clock = clock
        self._documents = Documents(api)
        self._company = [["company", "=", account.options[COMPANY]]] if COMPANY in account.options else []
        self._mark = ""

    @property
    def mark(self) -> str:
        """The highest `modified` that the last `changed_since` saw, as the site writes it, in its own zone."""
        return self._mark

    async def changed_since(self, mark: str) -> AsyncIterator[Reading]:
        """Read every document that was written since `mark`, itself or in a row or shipment."""
        here = zone(self._account.zone)
        since = begin(mark, first_poll(self._account), self._clock.now(), self._account.overlap_seconds, here)
        changes = await changes_since(self._api, self._company, since, here)
        for kind, names in sorted(changes.documents.items()):
            async for reading in self._read(KINDS[kind], names):
                yield reading
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
        """Read the sales order of this name, and every delivery note with a row for it."""
        if (found := await self._documents.read(ORDER, order)) is None:
            return
        yield self._reading(ORDER, found, self._clock.now(), afresh=True)
        serving = ["Delivery Note Item", "against_sales_order", "=", order]
        names = {
            row["name"]
            async for rows in self._api.pages("Delivery Note", [*self._company, serving], ("is_return",))
            for row in rows
        }
        for kind in KINDS.values():
            if kind is not ORDER:
                async for reading in self._read(kind, names, afresh=True):
                    yield reading

    def withdrawal(self, document: Document, read_at: datetime) -> Reading:
        """Make the reading that says a document no longer exists under this name."""
        return payload.withdrawal(document, read_at)

    async def _read(self, kind: Kind, names: Collection[str], *, afresh: bool = False) -> AsyncIterator[Reading]:
        for name in sorted(names):
            read_at = self._clock.now()
            if (found := await self._documents.read(kind, name)) is not None:
                yield self._reading(kind, found, read_at, afresh=afresh)

    def _reading(self, kind: Kind, found: Row, read_at: datetime, *, afresh: bool) -> Reading:
        document = Document(kind.name, found["name"], found["name"])
        return payload.reading(document, found, read_at, is_open=kind.is_open(found), afresh=afresh)


@asynccontextmanager
async def open_erpnext(account: PollerAccount, secret: str | None, clock: WallClock) -> AsyncIterator[ErpNextSession]:
    """Open a session; raises Rejected where the account has no key and secret."""
    async with _api(account, secret) as api:
        yield ErpNextSession(api, account, clock)


@asynccontextmanager
async def _api(account: PollerAccount, secret: str | None) -> AsyncIterator[ErpNext]:
    if not secret or ":" not in secret:
        raise Rejected(f"the secret of {account.name} is not `KEY:SECRET` of a user of ERPNext", code="unauthorised")
    async with new_client() as client:
        yield api_of(account, secret, client)


READ = {
    "Sales Order": ("modified",),
    "Delivery Note": ("modified", "is_return"),
    "Shipment": ("modified", "carrier", "service_provider", "awb_number"),
    "Address": ("city", "pincode", "country"),
    "Country": ("code",),
}
"""What is read, by doctype."""


async def probe(account: PollerAccount, secret: str | None) -> Sequence[str]:
    """Give what is missing at the running system, a sentence each: doctypes that may not be read, the company."""
    wanted = account.options.get(COMPANY)
    async with _api(account, secret) as api:

        async def read(doctype: str, fields: Sequence[str]) -> Sequence[str]:
            await api.one(doctype, fields)
            return ()

        async def company() -> Sequence[str]:
            found = await api.named("Company", [wanted] if wanted else [], ())
            return (f"there is no company {wanted!r}",) if wanted and wanted not in found else ()

        return await problems_of(*(partial(read, doctype, fields) for doctype, fields in READ.items()), company)


ERPNEXT = Poller(
    name="erpnext",
    title="ERPNext 14 to 16 (sales orders, delivery notes, returns)",
    documentation=(
        "https://docs.frappe.io/framework/user/en/api/rest",
        "https://docs.frappe.io/framework/user/en/guides/integration/rest_api/listing_documents",
        "https://docs.frappe.io/erpnext/user/manual/en/sales-order",
        "https://docs.frappe.io/erpnext/user/manual/en/delivery-note",
    ),
    read_on=date(2026, 11, 21),
    check=check,
    open=open_erpnext,
    read=json_body(),
    to_events=mapping.to_events,
    probe=probe,
)
