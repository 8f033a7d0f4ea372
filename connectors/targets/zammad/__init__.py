"""Zammad by its REST API: tasks as tickets.

    api.py       its calls
    tickets.py   a ticket as a record; who closed it
    session.py   create, update, close, look up, and what people did
    probing.py   what is missing at a running system

All episodes of a task are found by the attribute `quayside_task`, by a search of the database, which sees every
finished write; Elasticsearch, which lags behind, is not asked. An attribute that is not there is left out of a write
without a word, so what a write is answered with is compared.

The API has no conditional write: what people closed in the moment between our reading and our writing is written once
more, and stays closed. Nobody publishes a limit of calls.

Source: https://docs.zammad.org/en/latest/api/ticket/index.html
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date

from connectors.targets.http import check_url, endpoint
from connectors.targets.zammad.api import Zammad
from connectors.targets.zammad.probing import problems
from connectors.targets.zammad.session import ZammadSession
from contracts.connector import Target, TargetSession
from contracts.settings import TargetAccount
from mappings.tickets import zammad as mapping


def check(account: TargetAccount) -> None:
    """Refuse an account whose url, options or attributes are wrong."""
    check_url(account)
    mapping.check(account)


@asynccontextmanager
async def open_session(account: TargetAccount, secret: str | None) -> AsyncIterator[TargetSession]:
    """Open a session. secret: an access token of our user, with the permission `ticket.agent`."""
    async with _api(account, secret) as api:
        yield ZammadSession(api, account)


@asynccontextmanager
async def _api(account: TargetAccount, secret: str | None) -> AsyncIterator[Zammad]:
    headers = {"Authorization": f"Token token={secret}"} if secret else {}
    async with endpoint(account, "/api/v1/", mapping.options_of(account).timeout_seconds, headers) as api:
        yield Zammad(api)


async def probe(account: TargetAccount, secret: str | None) -> Sequence[str]:
    """Give what is missing at the running system, a sentence each."""
    async with _api(account, secret) as api:
        return await problems(api, account)


ZAMMAD = Target(
    name="zammad",
    title="Zammad",
    documentation=(
        "https://docs.zammad.org/en/latest/api/intro.html",
        "https://docs.zammad.org/en/latest/api/ticket/index.html",
        "https://docs.zammad.org/en/latest/api/ticket/articles.html",
        "https://docs.zammad.org/en/latest/api/object.html",
    ),
    read_on=date(2026, 11, 21),
    check=check,
    open=open_session,
    fields=mapping.fields,
    default_fields=mapping.DEFAULT_FIELDS,
    reopens=True,
    probe=probe,
)
