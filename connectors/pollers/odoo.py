"""Odoo 17 to 19: sales orders, deliveries and returns, read again whenever they or their children were written.

What no date tells (something that was deleted) is found by reading the open documents again. A poll begins
`overlap_seconds` before its mark, since a transaction shows only at its end, dated at its beginning. Odoo's webhooks
are hints (`connectors.sources.odoo_webhook`).

Account: url `https://HOST`; secret: an API key of a user who may read sales, inventory and contacts; options:
`odoo_account`.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta

from connectors.pollers import payload
from connectors.pollers.http import new_client
from connectors.pollers.odoo_account import COMPANY, api_of, check
from connectors.pollers.odoo_api import OdooApi, Row, pages, search_read
from connectors.pollers.odoo_changes import begin, changes_since
from connectors.pollers.odoo_fields import KINDS, MOVE, ORDER, PICKING, SALE, Kind
from connectors.pollers.odoo_probing import problems
from connectors.pollers.odoo_records import Records
from connectors.pollers.since import first_poll
from connectors.reading import json_body
from contracts.clock import WallClock
from contracts.connector import Document, Poller, Reading
from contracts.errors import Rejected
from contracts.settings import PollerAccount
from mappings.erp import odoo as mapping

DOCUMENTS_A_REQUEST = 50
IMPLAUSIBLE = 20
"""So many documents do not vanish at once. A right that was taken away looks the same, and withdraws nothing."""
_COMPANIES = 100


class OdooSession:
    """An open connection to one company; see `contracts.connector.PollSession`."""

    def __init__(self, api: OdooApi, account: PollerAccount, clock: WallClock) -> None:
        """Take the API, the account and the clock by which readings are dated."""
        self._api = api
        self._account = account
        self._clock = clock
        self._records = Records(api)
        self._company: tuple[object, ...] | None = None
        self._mark = ""

    @property
    def mark(self) -> str:
        """The highest `write_date` that the last `changed_since` saw, RFC 3339, by the server's clock."""
        return self._mark

    async def changed_since(self, mark: str) -> AsyncIterator[Reading]:
        """Read every document that was written since `mark`, itself or in a child."""
        since = begin(mark, first_poll(self._account), timedelta(seconds=self._account.overlap_seconds))
        changes = await changes_since(self._api, await self._of_company(), since)
        for name, ids in sorted(changes.documents.items()):
            async for reading in self._read(KINDS[name], ids):
                yield reading
        self._mark = max(mark, changes.mark)

    async def read_again(self, documents: Sequence[Document]) -> AsyncIterator[Reading]:
        """Read these documents; one that is not there any more is a withdrawal."""
        for kind in KINDS.values():
            known = {
                int(document.remote): document
                for document in documents
                if document.kind == kind.name and document.remote.isdecimal()
            }
            async for reading in self._read(kind, known):
                yield reading
                known.pop(int(reading.document.remote))
            for document in known.values():
                yield payload.withdrawal(document, self._clock.now())

    async def of_order(self, order: str) -> AsyncIterator[Reading]:
        """Read the sales order of this number, and every delivery and return with a move for it."""
        company = await self._of_company()
        sales = {
            row["id"]
            async for rows in pages(self._api, SALE, [*company, ["name", "=", order]], ("name",))
            for row in rows
        }
        async for reading in self._read(ORDER, sales, afresh=True):
            yield reading
        serving = [["sale_line_id.order_id", "in", sorted(sales)], ["picking_id", "!=", False]]
        pickings = {
            row["picking_id"][0] async for rows in pages(self._api, MOVE, serving, ("picking_id",)) for row in rows
        }
        for kind in KINDS.values():
            if kind.model == PICKING:
                async for reading in self._read(kind, pickings, afresh=True):
                    yield reading

    def withdrawal(self, document: Document, read_at: datetime) -> Reading:
        """Make the reading that says a document no longer exists under this name."""
        return payload.withdrawal(document, read_at)

    async def problems(self) -> list[str]:
        """Give what is missing for a poll, a sentence each."""
        await self._of_company()
        return await problems(self._api)

    async def _read(self, kind: Kind, ids: Collection[int], *, afresh: bool = False) -> AsyncIterator[Reading]:
        wanted = sorted(ids)
        for start in range(0, len(wanted), DOCUMENTS_A_REQUEST):
            some = wanted[start : start + DOCUMENTS_A_REQUEST]
            read_at = self._clock.now()
            rows = await self._records.read(kind, some)
            if not rows and len(some) >= IMPLAUSIBLE:
                raise Rejected(
                    f"of {len(some)} documents that were there none is any more: may the key's user still see them?",
                    code="refused",
                )
            for row in rows:
                document = Document(kind.name, row["name"], str(row["id"]))
                yield payload.reading(document, row, read_at, is_open=is_open(kind, row), afresh=afresh)

    async def _of_company(self) -> tuple[object, ...]:
        """Give the condition that a record is of the account's company."""
        if self._company is None:
            wanted = self._account.options.get(COMPANY)
            rows = await search_read(self._api, "res.company", [], ("name",), _COMPANIES)
            found = [row["id"] for row in rows if wanted is None or str(row["id"]) == wanted]
            if len(found) != 1:
                seen = ", ".join(f"{row['id']} ({row['name']})" for row in rows) or "none"
                raise Rejected(
                    f"the key's user sees these companies: {seen}; the account's option `{COMPANY}` must name one",
                    code="refused",
                )
            self._company = (["company_id", "=", found[0]],)
        return self._company


def is_open(kind: Kind, row: Row) -> bool:
    """Tell whether a document may still change or vanish; an order of which all is delivered does not."""
    return row["state"] in kind.open_states and row.get("delivery_status") != "full"


@asynccontextmanager
async def open_odoo(account: PollerAccount, secret: str | None, clock: WallClock) -> AsyncIterator[OdooSession]:
    """Open a session; raises Rejected where the account has no key."""
    if not secret:
        raise Rejected(f"the account {account.name} has no secret: it is Odoo's API key", code="unauthorised")
    async with new_client() as client:
        yield OdooSession(api_of(account, secret, client), account, clock)


async def probe(account: PollerAccount, secret: str | None) -> Sequence[str]:
    """Give what is missing at the running system, a sentence each."""
    async with open_odoo(account, secret, WallClock()) as session:
        return await session.problems()


ODOO = Poller(
    name="odoo",
    title="Odoo 17 to 19 (sales orders, deliveries, returns)",
    documentation=(
        "https://www.odoo.com/documentation/19.0/developer/reference/external_api.html",
        "https://www.odoo.com/documentation/18.0/developer/reference/external_api.html",
        "https://www.odoo.com/documentation/18.0/developer/reference/backend/orm.html",
    ),
    read_on=date(2026, 11, 21),
    check=check,
    open=open_odoo,
    read=json_body(),
    to_events=mapping.to_events,
    probe=probe,
)
