"""Salesforce: tasks as Cases, and the delivery's status in a custom object, both upserted by external ids.

    rest.py         its calls
    tokens.py       our token
    failures.py     what it says of failures
    cases.py        a Case as a record; who closed it
    deliveries.py   the delivery's status
    session.py      create, update, close, look up, and what people did
    probing.py      what is missing at a running account

All episodes of a task are found by SOQL, which reads the database; a search (SOSL) would read an index.

Source: https://developer.salesforce.com/docs/platform/api-rest/guide/dome-upsert.html
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date

from connectors.targets.http import check_url, endpoint
from connectors.targets.salesforce.probing import problems
from connectors.targets.salesforce.rest import Salesforce
from connectors.targets.salesforce.session import SalesforceSession
from connectors.targets.salesforce.tokens import Tokens
from contracts.connector import Limit, Target, TargetSession
from contracts.settings import TargetAccount
from mappings.tickets import salesforce as mapping


def check(account: TargetAccount) -> None:
    """Refuse an account whose url, options or fields are wrong."""
    check_url(account)
    mapping.check(account)


@asynccontextmanager
async def open_session(account: TargetAccount, secret: str | None) -> AsyncIterator[TargetSession]:
    """Open a session. secret: the consumer secret of the app whose consumer key is the option `client_id`."""
    async with _api(account, secret) as salesforce:
        yield SalesforceSession(salesforce, account)


@asynccontextmanager
async def _api(account: TargetAccount, secret: str | None) -> AsyncIterator[Salesforce]:
    options = mapping.options_of(account)
    async with endpoint(account, "/services/", options.timeout_seconds, {}) as api:
        yield Salesforce(api, options.api_version, Tokens(api, options.client_id, secret or ""))


async def probe(account: TargetAccount, secret: str | None) -> Sequence[str]:
    """Give what is missing at the running account, a sentence each."""
    async with _api(account, secret) as salesforce:
        return await problems(salesforce, account)


SALESFORCE = Target(
    name="salesforce",
    title="Salesforce",
    documentation=(
        "https://developer.salesforce.com/docs/platform/api-rest/guide/dome-upsert.html",
        "https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm",
        "https://developer.salesforce.com/docs/platform/object-reference/references/standard-objects/object-case.html",
        "https://developer.salesforce.com/docs/platform/salesforce-app-limits-cheatsheet/guide/salesforce-app-limits-platform-api.html",
    ),
    read_on=date(2026, 11, 21),
    check=check,
    open=open_session,
    fields=mapping.fields,
    keeps_idempotency_keys=True,
    status_fields=mapping.status_fields,
    default_fields=mapping.DEFAULT_FIELDS,
    default_status_fields=mapping.DEFAULT_STATUS_FIELDS,
    limit=Limit(100_000, 86_400),
    reopens=True,
    probe=probe,
)
