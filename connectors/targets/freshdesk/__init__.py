"""Freshdesk by its API v2: tasks as tickets.

    api.py       its calls
    tickets.py   a ticket as a record; who closed it
    session.py   create, update, close, look up, and what people did
    probing.py   what is missing at a running account

No read by a key of ours is both complete and at once: a search by a custom field lags by "a few minutes", so what
changed in the last quarter of an hour is listed beside it. Archived tickets are not found by either; these are closed.

A note and a change of fields are two calls. The note goes first, and is not said again when it is the last one of ours.
The API has no conditional write: what people closed in the moment between our reading and our writing is written once
more, and stays closed.

The limit is that of changing tickets on the smallest plan that has the API (Growth), by the minute; the plan's limit of
all calls is two and a half times as much.

Source: https://developers.freshdesk.com/api/; limits by plan:
https://support.freshdesk.com/support/solutions/articles/225439-what-are-the-rate-limits-for-the-api-calls-to-freshdesk
"""

import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date

from connectors.targets.freshdesk.api import Freshdesk
from connectors.targets.freshdesk.probing import problems
from connectors.targets.freshdesk.session import FreshdeskSession
from connectors.targets.http import check_url, endpoint
from contracts.connector import Limit, Target, TargetSession
from contracts.settings import TargetAccount
from mappings.tickets import freshdesk as mapping


def check(account: TargetAccount) -> None:
    """Refuse an account whose url, options or fields are wrong."""
    check_url(account)
    mapping.check(account)


@asynccontextmanager
async def open_session(account: TargetAccount, secret: str | None) -> AsyncIterator[TargetSession]:
    """Open a session. secret: the API key of the agent as whom we write."""
    async with _api(account, secret) as api:
        yield FreshdeskSession(api, account)


@asynccontextmanager
async def _api(account: TargetAccount, secret: str | None) -> AsyncIterator[Freshdesk]:
    proof = base64.b64encode(f"{secret or ''}:X".encode()).decode()
    headers = {"Authorization": f"Basic {proof}"}
    async with endpoint(account, "/api/v2/", mapping.options_of(account).timeout_seconds, headers) as api:
        yield Freshdesk(api)


async def probe(account: TargetAccount, secret: str | None) -> Sequence[str]:
    """Give what is missing at the running account, a sentence each."""
    async with _api(account, secret) as api:
        return await problems(api, account)


FRESHDESK = Target(
    name="freshdesk",
    title="Freshdesk",
    documentation=(
        "https://developers.freshdesk.com/api/",
        "https://support.freshdesk.com/support/solutions/articles/225439-what-are-the-rate-limits-for-the-api-calls-to-freshdesk",
    ),
    read_on=date(2026, 11, 21),
    check=check,
    open=open_session,
    fields=mapping.fields,
    default_fields=mapping.DEFAULT_FIELDS,
    limit=Limit(80, 60),
    reopens=True,
    probe=probe,
)
