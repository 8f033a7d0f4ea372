"""Tryton's complaints (module sale_complaint) by its REST interface: tasks as complaints about their sale.

    rest.py         its calls
    place.py        the numbers of what the account names; about whom a task complains
    complaints.py   a complaint as a record
    session.py      create, update, close, look up, and what people decided

A complaint is created as a draft; people add what is to be done (a return, a credit note), submit and decide it. Tryton
refuses to write a description once it was submitted, so what we have to say then is a note. We close by `cancel`, which
Tryton lets do only before the decision; a decided complaint is closed anyway.

Episodes are found by the reference, which is written once. The search asks the database that was written to, may not
tell upper from lower case there, and finds what was found compared. Records of a deleted complaint are not told.

Account: url `https://HOST/DATABASE`; secret: the key of a user application `rest` of a user in the group Sales who is
nobody else, since what this user cancels counts as ours. Source: trytond 8.2, modules/sale_complaint; no page states a
limit of requests.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date

from connectors.probing import problems_of
from connectors.targets.http import check_url, endpoint
from connectors.targets.tryton_complaint.complaints import COMPLAINT, FIELDS, NOTE, NOTE_FIELDS
from connectors.targets.tryton_complaint.place import SALE, find_place
from connectors.targets.tryton_complaint.rest import Rest
from connectors.targets.tryton_complaint.session import TrytonComplaintSession
from contracts.connector import Target, TargetSession
from contracts.settings import TargetAccount
from mappings.tickets import tryton_complaint as mapping


def check(account: TargetAccount) -> None:
    """Refuse an account whose url or options are wrong, or that chooses fields."""
    check_url(account)
    mapping.check(account)


@asynccontextmanager
async def open_session(account: TargetAccount, secret: str | None) -> AsyncIterator[TargetSession]:
    """Open a session. secret: the key of a user application `rest`."""
    async with _rest(account, secret) as rest:
        yield TrytonComplaintSession(rest, account)


@asynccontextmanager
async def _rest(account: TargetAccount, secret: str | None) -> AsyncIterator[Rest]:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    async with endpoint(account, "/rest/", mapping.options_of(account).timeout_seconds, headers) as opened:
        yield Rest(opened)


async def probe(account: TargetAccount, secret: str | None) -> Sequence[str]:
    """Give what is missing at the running system, a sentence each: what cannot be read, and what is not there.

    Whether our user may create a complaint is told only by creating one.
    """
    async with _rest(account, secret) as rest:

        async def names() -> Sequence[str]:
            await find_place(rest, mapping.options_of(account))
            return ()

        async def complaints() -> Sequence[str]:
            for row in await rest.search(COMPLAINT, [], FIELDS, 1):
                await rest.search(NOTE, [["resource", "=", f"{COMPLAINT},{row['id']}"]], NOTE_FIELDS, 1)
            return ()

        async def sales() -> Sequence[str]:
            await rest.search(SALE, [], ["number", "party", "state"], 1)
            return ()

        return await problems_of(names, complaints, sales)


TRYTON_COMPLAINT = Target(
    name="tryton-complaint",
    title="Tryton 8 (complaints about sales)",
    documentation=(
        "https://docs.tryton.org/latest/modules-sale-complaint/",
        "https://docs.tryton.org/latest/server/topics/user_application.html",
    ),
    read_on=date(2026, 11, 21),
    check=check,
    open=open_session,
    fields=mapping.fields,
    probe=probe,
)
