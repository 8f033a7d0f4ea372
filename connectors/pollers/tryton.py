"""Tryton over REST: sales, shipments, returns, productions, complaints, read again when they or a child were written.

Tryton has no webhook. What no date tells (a deleted child, a deleted document) is found by reading the open documents
again (`read_again`). A poll begins `overlap_seconds` before its mark, since a transaction shows only at its end, dated
at its beginning. A document without a number is not told yet: nothing could name it, and its name must stay.

Account: url `https://HOST/DATABASE`; secret: the key of a user application `rest` of a user in the groups Sales and
Stock; options: `tryton_account`.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import httpx

from connectors.pollers import payload
from connectors.pollers.since import first_poll
from connectors.pollers.tryton_account import COMPANY, LANGUAGE, check, reads_productions, unread
from connectors.pollers.tryton_changes import WATCHES, Watch, begin, changes_since
from connectors.pollers.tryton_fields import GOODS_ISSUE, KINDS, PACKAGE, SHIPMENT, Kind, refuse_hidden
from connectors.pollers.tryton_order import documents_of_order, productions_of_order
from connectors.pollers.tryton_origins import name_origins
from connectors.pollers.tryton_probing import problems
from connectors.pollers.tryton_rest import SECONDS, Row, TrytonRest
from connectors.reading import json_body
from contracts.clock import WallClock
from contracts.connector import Document, Poller, Reading
from contracts.errors import Rejected
from contracts.settings import PollerAccount
from mappings.erp import tryton as mapping

DOCUMENTS_A_REQUEST = 50
IMPLAUSIBLE = 20
"""So many documents do not vanish at once. A right that was taken away looks the same, and withdraws nothing."""
_COMPANIES = 100
_OPTIONAL = sorted({name.rpartition(".")[2] for name in GOODS_ISSUE.optional})


@dataclass(frozen=True, slots=True)
class Database:
    """What a database is like: the company that we read, and which of the optional fields and models it has."""

    company: int
    existing: frozenset[str]

    def watches(self, *, everything: bool, unread: frozenset[str]) -> list[Watch]:
        """Give the models to ask for changes; when everything is read, children lead nowhere new."""
        missing = unread if "packages" in self.existing else unread | {PACKAGE}
        found = [watch for watch in WATCHES if watch.model not in missing]
        return [watch for watch in found if not watch.is_child] if everything else found


class TrytonSession:
    """An open connection to one company's database; see `contracts.connector.PollSession`."""

    def __init__(self, rest: TrytonRest, account: PollerAccount, clock: WallClock) -> None:
        """Take the connection, the account and the clock by which readings are dated."""
        self._rest = rest
        self._account = account
        self._clock = clock
        self._database: Database | None = None
        self._mark = ""

    @property
    def mark(self) -> str:
        """The highest date of a write that the last `changed_since` saw, RFC 3339, by the server's clock."""
        return self._mark

    async def changed_since(self, mark: str) -> AsyncIterator[Reading]:
        """Read every document that was written since `mark`, itself or in a child."""
        database = await self._look_around()
        since = begin(mark, first_poll(self._account), timedelta(seconds=self._account.overlap_seconds))
        watches = database.watches(everything=since is None, unread=unread(self._account))
        changes = await changes_since(self._rest, watches, database.company, since)
        for name, ids in sorted(changes.documents.items()):
            async for read_at, _, rows in self._read(KINDS[name], ids):
                for row in rows:
                    if row["number"]:
                        yield self._reading(KINDS[name], row, read_at)
        self._mark = max(mark, changes.mark)

    async def read_again(self, documents: Sequence[Document]) -> AsyncIterator[Reading]:
        """Read these documents; one that is not there any more is a withdrawal."""
        await self._look_around()
        for kind in KINDS.values():
            known = {
                int(document.remote): document
                for document in documents
                if document.kind == kind.name and document.remote.isdecimal()
            }
            async for read_at, asked, rows in self._read(kind, known):
                for row in rows:
                    if row["number"]:
                        yield self._reading(kind, row, read_at)
                for gone in asked - {row["id"] for row in rows}:
                    yield payload.withdrawal(known[gone], read_at)

    async def of_order(self, order: str) -> AsyncIterator[Reading]:
        """Read the sale of this number, and every shipment, return and production with a move for it."""
        company = (await self._look_around()).company
        found = await documents_of_order(self._rest, company, order)
        if found and reads_productions(self._account):
            found["goods_receipt"] = await productions_of_order(self._rest, company, order)
        for name, ids in found.items():
            async for read_at, _, rows in self._read(KINDS[name], ids):
                for row in rows:
                    if row["number"]:
                        yield self._reading(KINDS[name], row, read_at, afresh=True)

    def withdrawal(self, document: Document, read_at: datetime) -> Reading:
        """Make the reading that says a document no longer exists under this name."""
        return payload.withdrawal(document, read_at)

    async def problems(self) -> list[str]:
        """Give what is missing for a poll, a sentence each."""
        database, hidden = await self._look_around(), unread(self._account)
        kinds = [kind for kind in KINDS.values() if kind.model not in hidden]
        return await problems(self._rest, kinds, database.company, database.existing)

    def _reading(self, kind: Kind, row: Row, read_at: datetime, *, afresh: bool = False) -> Reading:
        document = Document(kind.name, row["number"], str(row["id"]))
        is_open = row["state"] in kind.open_states
        return payload.reading(document, _in_order(row), read_at, is_open=is_open, afresh=afresh)

    async def _read(self, kind: Kind, ids: Collection[int]) -> AsyncIterator[tuple[datetime, set[int], list[Row]]]:
        fields = kind.fields_of((await self._look_around()).existing)
        wanted = sorted(ids)
        for start in range(0, len(wanted), DOCUMENTS_A_REQUEST):
            some = wanted[start : start + DOCUMENTS_A_REQUEST]
            read_at = self._clock.now()
            rows = await self._rest.search(kind.model, [["id", "in", some]], fields, len(some))
            if not rows and len(some) >= IMPLAUSIBLE:
                raise Rejected(
                    f"of {len(some)} documents that were there none is any more: may the key's user still see them?",
                    code="refused",
                )
            for row in rows:
                refuse_hidden(kind.model, row, fields)
            await name_origins(self._rest, kind.model, rows)
            yield read_at, set(some), rows

    async def _look_around(self) -> Database:
        if self._database is None:
            existing = {
                prefix + row["name"]
                for model, prefix in ((SHIPMENT, ""), (PACKAGE, "packages."))
                for row in await self._rest.search(
                    "ir.model.field", [["model", "=", model], ["name", "in", _OPTIONAL]], ["name"], len(_OPTIONAL)
                )
            }
            self._database = Database(await self._company(), frozenset(existing))
            self._rest.context = {"company": self._database.company}
        return self._database

    async def _company(self) -> int:
        rows = await self._rest.search("company.company", [], ["party.name"], _COMPANIES)
        wanted = self._account.options.get(COMPANY)
        found = [row["id"] for row in rows if wanted is None or str(row["id"]) == wanted]
        if len(found) != 1:
            seen = ", ".join(f"{row['id']} ({row['party']['name']})" for row in rows) or "none"
            raise Rejected(
                f"the key's user sees these companies: {seen}; the account's option `company` must name one of them",
                code="refused",
            )
        return int(found[0])


def _in_order(value: object) -> object:
    """Sort nested records by their id: Tryton orders some by what may change."""
    if isinstance(value, dict):
        return {name: _in_order(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return sorted((_in_order(inner) for inner in value), key=_id)
    return value


def _id(value: object) -> int:
    return value["id"] if isinstance(value, dict) else 0


@asynccontextmanager
async def open_tryton(account: PollerAccount, secret: str | None, clock: WallClock) -> AsyncIterator[TrytonSession]:
    """Open a session; raises Rejected where the account's url or secret cannot be used."""
    if not secret:
        raise Rejected(f"the account {account.name} has no secret: it is Tryton's key", code="unauthorised")
    headers = {"Authorization": f"Bearer {secret}"}
    if language := account.options.get(LANGUAGE):
        headers["Accept-Language"] = language
    url = account.url.rstrip("/")
    try:
        client = httpx.AsyncClient(base_url=f"{url}/rest/", headers=headers, timeout=SECONDS)
    except (httpx.InvalidURL, ValueError) as error:
        raise Rejected(f"{url!r} is no address of a Tryton database: {error}", code="refused") from error
    async with client:
        yield TrytonSession(TrytonRest(client, url), account, clock)


async def probe(account: PollerAccount, secret: str | None) -> Sequence[str]:
    """Give what is missing at the running system, a sentence each."""
    async with open_tryton(account, secret, WallClock()) as session:
        return await session.problems()


TRYTON = Poller(
    name="tryton",
    title="Tryton 8 (sales, customer shipments and returns, productions, complaints)",
    documentation=(
        "https://docs.tryton.org/latest/server/topics/user_application.html",
        "https://docs.tryton.org/latest/modules-sale/",
        "https://docs.tryton.org/latest/modules-stock/",
        "https://docs.tryton.org/latest/modules-sale-complaint/",
    ),
    read_on=date(2026, 11, 21),
    check=check,
    open=open_tryton,
    read=json_body(),
    to_events=mapping.to_events,
    probe=probe,
)
