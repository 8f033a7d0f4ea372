"""Redmine 5 by its REST API: tasks as issues.

    api.py       its calls
    place.py     the numbers of what the account names
    issues.py    an issue as a record
    closing.py   who closed an issue, and who approved that
    session.py   create, update, close, look up, and what people did
    probing.py   what is missing at a running system

A success proves little. With a wrong key most addresses answer as to a stranger, with 200 and what strangers may see,
so `users/current.json` is asked, which does not. A field that an issue's tracker lacks, a status that a workflow
forbids, and anything that our role may not write are dropped, and the answer is 204; so every write is read back. A
search by a field that is not used as a filter finds everything. Its answer to a write that met another one in the same
instant is a 422 without a sentence.

All episodes of a task are found by a custom field that holds its key, in all projects that our user sees. The search
asks the database that was written to. It may tell no upper from lower case there, so what was found is compared.

No page states a limit of requests.

Source: https://www.redmine.org/projects/redmine/wiki/Rest_Issues, and a running 5.0.4 where it is silent.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date

from connectors.targets.http import check_url, endpoint
from connectors.targets.redmine.api import Api
from connectors.targets.redmine.probing import problems
from connectors.targets.redmine.session import RedmineSession
from contracts.connector import Target, TargetSession
from contracts.settings import TargetAccount
from mappings.tickets import redmine as mapping


def check(account: TargetAccount) -> None:
    """Refuse an account whose url, options or fields are wrong."""
    check_url(account)
    mapping.check(account)


@asynccontextmanager
async def open_session(account: TargetAccount, secret: str | None) -> AsyncIterator[TargetSession]:
    """Open a session. secret: the API access key of the user as whom we write, from its page "My account"."""
    async with _api(account, secret) as api:
        yield RedmineSession(api, account)


@asynccontextmanager
async def _api(account: TargetAccount, secret: str | None) -> AsyncIterator[Api]:
    options = mapping.options_of(account)
    headers = {"X-Redmine-API-Key": secret} if secret else {}
    async with endpoint(account, "/", options.timeout_seconds, headers) as opened:
        yield Api(opened)


async def probe(account: TargetAccount, secret: str | None) -> Sequence[str]:
    """Give what is missing at the running system, a sentence each."""
    async with _api(account, secret) as api:
        return await problems(api, account)


REDMINE = Target(
    name="redmine",
    title="Redmine 5",
    documentation=(
        "https://www.redmine.org/projects/redmine/wiki/Rest_api",
        "https://www.redmine.org/projects/redmine/wiki/Rest_Issues",
    ),
    read_on=date(2026, 11, 21),
    check=check,
    open=open_session,
    fields=mapping.fields,
    default_fields=mapping.DEFAULT_FIELDS,
    reopens=True,
    probe=probe,
)
