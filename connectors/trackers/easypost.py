"""EasyPost tells its webhooks of the trackers that were created with it.

Creating one again gives the same one for three months, and is not charged. A deleted one tells nothing any more. No
page states a number of requests a second.
"""

from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date

from connectors.targets.http import Endpoint, check_url, endpoint
from connectors.trackers.account import needed
from connectors.trackers.session import Registered, Registry, checking, opening, probing
from contracts.connector import Target, Tracker
from contracts.errors import Retryable
from contracts.settings import TrackerAccount
from mappings.trackers import easypost as mapping
from mappings.trackers.options import TrackerOptions, options_of
from mappings.trackers.registration import Parcel, fields, no_tasks

_EXPLAINED = frozenset({400, 422})
_NOT_FOUND = 404


class EasyPostRegistry:
    """One account's registrations."""

    def __init__(self, api: Endpoint) -> None:
        """Take the API."""
        self._api = api

    async def register(self, parcel: Parcel) -> Registered:
        """Create a tracker, or be given the one that is there, with all that it knows."""
        sent = {"Content-Type": "application/json"}
        content = mapping.creation(parcel)
        answer = await self._api.ask("POST", "/v2/trackers", content=content, headers=sent, accept=_EXPLAINED)
        tracker = answer.object()
        if answer.status in _EXPLAINED:
            raise mapping.refusal(tracker, answer.status, self._api.title)
        return Registered(mapping.id_of(tracker), mapping.pushes(tracker))

    async def end(self, registration: str, parcel: Parcel) -> None:  # noqa: ARG002 its id is enough
        """Delete a tracker; one that is gone has ended."""
        await self._api.ask("DELETE", f"/v2/trackers/{registration}", accept=frozenset({_NOT_FOUND}))

    async def ask(self, registration: str, parcel: Parcel) -> Sequence[bytes]:
        """Read a tracker; one that is no longer there is created."""
        answer = await self._api.ask("GET", f"/v2/trackers/{registration}", accept=frozenset({_NOT_FOUND}))
        if answer.status == _NOT_FOUND:
            return (await self.register(parcel)).pushes
        return mapping.pushes(answer.object())


def check(account: TrackerAccount) -> None:
    """Refuse an account whose url or options are wrong."""
    check_url(account)
    options_of(account, TrackerOptions)


@asynccontextmanager
async def open_registry(account: TrackerAccount, secret: str | None) -> AsyncIterator[Registry]:
    """Open an account's registrations; no call is made yet. The key is the user name, without a password."""
    async with _api(account, secret) as api:
        yield EasyPostRegistry(api)


@asynccontextmanager
async def _api(account: TrackerAccount, secret: str | None) -> AsyncIterator[Endpoint]:
    basic = b64encode(f"{needed(secret, account)}:".encode()).decode()
    seconds = options_of(account, TrackerOptions).timeout_seconds
    async with endpoint(account, "", seconds, {"Authorization": f"Basic {basic}"}) as api:
        yield api


async def probe(account: TrackerAccount, secret: str | None) -> Sequence[str]:
    """Ask for the account's webhooks (https://docs.easypost.com/docs/webhooks, free): without one nothing is pushed."""
    async with _api(account, secret) as api:
        told = (await api.ask("GET", "/v2/webhooks")).object()
    webhooks = told.get("webhooks")
    if not isinstance(webhooks, list):
        raise Retryable("EasyPost answered with no list of webhooks", code="not_json")
    if any(isinstance(one, dict) and not one.get("disabled_at") for one in webhooks):
        return ()
    return ("EasyPost has no webhook of this account that is not disabled: it pushes nothing",)


EASYPOST_TRACKERS = Tracker(
    Target(
        name="easypost",
        title="EasyPost trackers",
        documentation=(
            "https://docs.easypost.com/docs/trackers",
            "https://support.easypost.com/hc/en-us/articles/360044353091-Understanding-Trackers",
            "https://www.easypost.com/how-do-you-bill-for-your-trackers",
        ),
        read_on=date(2026, 11, 21),
        check=checking(check),
        open=opening("easypost", open_registry),
        fields=no_tasks,
        subscription_fields=fields,
        keeps_idempotency_keys=True,
        probe=probing(probe),
    ),
    source="easypost",
)
