"""Zendesk: tasks as tickets.

    api.py       its calls
    answers.py   how its answers are read
    tickets.py   a ticket as a record; who closed it
    session.py   create, update, close, look up, and what people did
    probing.py   what is missing at a running account

All episodes of a task share an external id, by which tickets are listed; that is no search, whose index lags behind. An
Idempotency-Key guards a create for two hours; beyond, the listing does, which comes before each create anyway.

Comments are internal: no customer is written to.

Source: https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/
"""

from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date

from connectors.targets.http import check_url, endpoint
from connectors.targets.zendesk.api import Api
from connectors.targets.zendesk.probing import problems
from connectors.targets.zendesk.session import ZendeskSession
from contracts.connector import Limit, Target, TargetSession
from contracts.settings import TargetAccount
from mappings.tickets import zendesk as mapping


def check(account: TargetAccount) -> None:
    """Refuse an account whose url, options or fields are wrong."""
    check_url(account)
    mapping.check(account)


@asynccontextmanager
async def open_session(account: TargetAccount, secret: str | None) -> AsyncIterator[TargetSession]:
    """Open a session. secret: an API token, which belongs to the account; `email` says as whom it is used."""
    async with _api(account, secret) as api:
        yield ZendeskSession(api, account)


@asynccontextmanager
async def _api(account: TargetAccount, secret: str | None) -> AsyncIterator[Api]:
    options = mapping.options_of(account)
    proof = b64encode(f"{options.email}/token:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {proof}"} if secret else {}
    async with endpoint(account, "/api/v2/", options.timeout_seconds, headers) as api:
        yield Api(api)


async def probe(account: TargetAccount, secret: str | None) -> Sequence[str]:
    """Give what is missing at the running account, a sentence each."""
    async with _api(account, secret) as api:
        return await problems(api, account)


ZENDESK = Target(
    name="zendesk",
    title="Zendesk",
    documentation=(
        "https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/",
        "https://developer.zendesk.com/api-reference/ticketing/introduction/",
        "https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_audits/",
        "https://developer.zendesk.com/documentation/ticketing/managing-tickets/using-the-incremental-export-api",
        "https://developer.zendesk.com/api-reference/introduction/rate-limits/",
    ),
    read_on=date(2026, 11, 21),
    check=check,
    open=open_session,
    fields=mapping.fields,
    keeps_idempotency_keys=True,
    default_fields=mapping.DEFAULT_FIELDS,
    limit=Limit(200, 60),
    reopens=True,
    probe=probe,
)
