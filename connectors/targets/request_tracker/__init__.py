"""Request Tracker 5 by REST2: tasks as tickets.

    rest2.py     its calls
    tickets.py   a ticket as a record; whether a write was kept
    closing.py   who closed a ticket, and how far its transactions were read
    changes.py   which tickets changed
    session.py   create, update, close, look up, and what people did
    probing.py   what is missing at a running system

What it answers proves little, so every write is read back: a PUT that was refused answers 200 with the refusal as a
sentence, a create drops an unknown custom field and answers 201, an update with a date in a wrong form reports success
and loses it.

All episodes of a task are found by a custom field that holds its key. A search does not tell upper from lower case,
and beyond 255 characters it also finds what merely resembles, so what was found is compared. It searches the database
that was written to, and sees every finished write.

What people did is read from the transactions, whose ids only grow. A date in a search would be taken in the time zone
of our user's preferences, whatever zone it names.

Source: https://docs.bestpractical.com/rt/5.0.3/RT/REST2.html, and a running 5.0.3 where it is silent.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date

from connectors.targets.http import check_url, endpoint
from connectors.targets.request_tracker.probing import problems
from connectors.targets.request_tracker.rest2 import Rest2
from connectors.targets.request_tracker.session import RequestTrackerSession
from contracts.connector import Target, TargetSession
from contracts.settings import TargetAccount
from mappings.tickets import request_tracker as mapping


def check(account: TargetAccount) -> None:
    """Refuse an account whose url, options or fields are wrong."""
    check_url(account)
    mapping.check(account)


@asynccontextmanager
async def open_session(account: TargetAccount, secret: str | None) -> AsyncIterator[TargetSession]:
    """Open a session. secret: a token of the user as whom we write, made on RT's page of authentication tokens."""
    async with _api(account, secret) as rest:
        yield RequestTrackerSession(rest, account)


@asynccontextmanager
async def _api(account: TargetAccount, secret: str | None) -> AsyncIterator[Rest2]:
    options = mapping.options_of(account)
    headers = {"Authorization": f"token {secret}"} if secret else {}
    async with endpoint(account, "/REST/2.0/", options.timeout_seconds, headers) as api:
        yield Rest2(api)


async def probe(account: TargetAccount, secret: str | None) -> Sequence[str]:
    """Give what is missing at the running system, a sentence each."""
    async with _api(account, secret) as rest:
        return await problems(rest, account)


REQUEST_TRACKER = Target(
    name="request-tracker",
    title="Request Tracker 5",
    documentation=(
        "https://docs.bestpractical.com/rt/5.0.3/RT/REST2.html",
        "https://docs.bestpractical.com/rt/5.0.3/query_builder.html",
    ),
    read_on=date(2026, 11, 21),
    check=check,
    open=open_session,
    fields=mapping.fields,
    default_fields=mapping.DEFAULT_FIELDS,
    reopens=True,
    probe=probe,
)
