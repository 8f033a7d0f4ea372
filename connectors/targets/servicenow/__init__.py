"""ServiceNow by its Table API: tasks as incidents, or as records of another table that extends `task`.

    authentication.py   a user, a token, or an OAuth application
    api.py              its calls
    records.py          a row as a record; who closed it
    session.py          create, update, close, look up, and what people did
    probing.py          what is missing at a running instance

All episodes of a task are found by `correlation_id`, which holds the task's digest: a query of the table itself, which
sees every finished write. A query by a column that is not there finds every record of the table, so what was found is
compared. A column that is not there, or that our user may not write, is left out of a write without a word (the answer
is a success), so what a write is answered with is compared, too.

The API has no conditional write: what people closed in the moment between our reading and our writing is written once
more, and stays closed.

Source: https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date

from connectors.targets.http import check_url, endpoint
from connectors.targets.servicenow.api import TableApi
from connectors.targets.servicenow.authentication import Authentication
from connectors.targets.servicenow.probing import problems
from connectors.targets.servicenow.session import ServiceNowSession
from contracts.connector import Target, TargetSession
from contracts.settings import TargetAccount
from mappings.tickets import servicenow as mapping


def check(account: TargetAccount) -> None:
    """Refuse an account whose url, options or columns are wrong."""
    check_url(account)
    mapping.check(account)


@asynccontextmanager
async def open_session(account: TargetAccount, secret: str | None) -> AsyncIterator[TargetSession]:
    """Open a session. secret: what the option `authentication` says it is."""
    async with _api(account, secret) as api:
        yield ServiceNowSession(api, account)


@asynccontextmanager
async def _api(account: TargetAccount, secret: str | None) -> AsyncIterator[TableApi]:
    options = mapping.options_of(account)
    async with endpoint(account, "/", options.timeout_seconds, {}) as api:
        yield TableApi(api, Authentication(api, options, secret or ""))


async def probe(account: TargetAccount, secret: str | None) -> Sequence[str]:
    """Give what is missing at the running instance, a sentence each."""
    async with _api(account, secret) as api:
        return await problems(api, account)


SERVICENOW = Target(
    name="servicenow",
    title="ServiceNow",
    documentation=(
        "https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html",
        "https://www.servicenow.com/docs/r/api-reference/rest-api-explorer/inbound-REST-API-rate-limiting.html",
        "https://support.servicenow.com/kb?id=kb_article_view&sysparm_article=KB2971488",
    ),
    read_on=date(2026, 11, 21),
    check=check,
    open=open_session,
    fields=mapping.fields,
    default_fields=mapping.DEFAULT_FIELDS,
    reopens=True,
    probe=probe,
)
