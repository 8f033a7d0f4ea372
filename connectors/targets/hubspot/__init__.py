"""HubSpot: tasks as tickets, and the delivery's status in properties of orders.

    api.py             its calls
    tickets.py         a ticket as a record; who closed it
    places.py          how all tickets of a task are found
    orders.py          batches of upserts
    order_records.py   an order as a record
    session.py         create, update, close, look up, and what people did
    probing.py         what is missing at a running account

What we say beside an update or a close stands in `quayside_note`, whose history keeps every text and its time: it is
written in one call with the rest, so a lost answer says nothing twice.

Source: https://developers.hubspot.com/docs/api-reference/latest/crm/objects/tickets/guide
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date

from connectors.targets.http import check_url, endpoint
from connectors.targets.hubspot.api import Crm
from connectors.targets.hubspot.probing import problems
from connectors.targets.hubspot.session import HubSpotSession
from contracts.connector import Limit, Target, TargetSession
from contracts.settings import TargetAccount
from mappings.tickets import hubspot as mapping


def check(account: TargetAccount) -> None:
    """Refuse an account whose url, options or properties are wrong."""
    check_url(account)
    mapping.check(account)


@asynccontextmanager
async def open_session(account: TargetAccount, secret: str | None) -> AsyncIterator[TargetSession]:
    """Open a session. secret: the access token of a private app."""
    async with _api(account, secret) as crm:
        yield HubSpotSession(crm, account)


@asynccontextmanager
async def _api(account: TargetAccount, secret: str | None) -> AsyncIterator[Crm]:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    async with endpoint(account, "/crm/", mapping.options_of(account).timeout_seconds, headers) as api:
        yield Crm(api)


async def probe(account: TargetAccount, secret: str | None) -> Sequence[str]:
    """Give what is missing at the running account, a sentence each."""
    async with _api(account, secret) as crm:
        return await problems(crm, account)


HUBSPOT = Target(
    name="hubspot",
    title="HubSpot",
    documentation=(
        "https://developers.hubspot.com/docs/api-reference/latest/crm/objects/tickets/guide",
        "https://developers.hubspot.com/docs/api-reference/latest/crm/objects/orders/batch/upsert-orders",
        "https://developers.hubspot.com/docs/api-reference/latest/error-handling",
        "https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines",
    ),
    read_on=date(2026, 11, 21),
    check=check,
    open=open_session,
    fields=mapping.fields,
    keeps_idempotency_keys=True,
    status_fields=mapping.status_fields,
    default_fields=mapping.DEFAULT_FIELDS,
    default_status_fields=mapping.DEFAULT_STATUS_FIELDS,
    limit=Limit(190, 10),
    reopens=True,
    probe=probe,
)
