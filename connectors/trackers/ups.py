"""UPS Track Alert sends the events of packages that were subscribed to, for 14 days from the subscription.

It keeps no history: with each subscription the Track API is asked for what happened before. Subscribing again before
the end renews it. No page tells how to end a subscription: it ends after its 14 days.
"""

from base64 import b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from time import monotonic

from connectors.targets.http import Answer, Endpoint, endpoint
from connectors.trackers.account import check_callback, needed, push_secret
from connectors.trackers.session import Registered, Registry, checking, opening, probing
from contracts.connector import Target, Tracker
from contracts.errors import Rejected, Retryable
from contracts.settings import TrackerAccount
from mappings.trackers import ups as mapping
from mappings.trackers.options import options_of
from mappings.trackers.registration import Parcel, fields, no_tasks
from mappings.trackers.ups import UpsOptions

_UNAUTHORISED, _INVALID, _NOT_FOUND = 401, 400, 404
_SPARE = 60.0
"""Seconds before its end in which a token is not used any more."""


class Token:
    """An access token of an application (OAuth 2.0, client credentials), fetched anew before it ends."""

    def __init__(self, api: Endpoint, client_id: str, secret: str) -> None:
        """Take the application's credentials; nothing is fetched yet."""
        self._api = api
        self._basic = b64encode(f"{client_id}:{secret}".encode()).decode()
        self._token = ""
        self._until = 0.0

    async def bearer(self) -> dict[str, str]:
        """Give the header with a token that is still good."""
        if monotonic() >= self._until:
            form = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": f"Basic {self._basic}"}
            content = b"grant_type=client_credentials"
            told = (await self._api.ask("POST", "/security/v1/oauth/token", content=content, headers=form)).object()
            try:
                self._token, lasts = str(told["access_token"]), float(str(told["expires_in"]))
            except (KeyError, ValueError) as error:
                raise Retryable(f"{self._api.title} answered with no access token", code="not_json") from error
            self._until = monotonic() + lasts - _SPARE
        return {"Authorization": f"Bearer {self._token}"}

    def forget(self) -> None:
        """Fetch another one next time: this one was refused."""
        self._until = 0.0


class UpsRegistry:
    """One application's subscriptions."""

    def __init__(self, api: Endpoint, token: Token, account: TrackerAccount, credential: str) -> None:
        """Take the API, the application's token, and what its events carry to prove where they come from."""
        self._api = api
        self._token = token
        self._callback = account.callback
        self._credential = credential

    async def register(self, parcel: Parcel) -> Registered:
        """Subscribe for another 14 days, and read what happened until now."""
        content = mapping.subscription(parcel, self._callback, self._credential)
        path = "/api/track/v1/subscription/standard/package"
        answer = await self._ask("POST", path, content=content, accept=frozenset({_INVALID}))
        mapping.refuse_invalid(answer.object(), parcel.number, self._api.title)
        return Registered(parcel.number, tuple(await self.ask(parcel.number, parcel)))

    async def end(self, registration: str, parcel: Parcel) -> None:
        """Do nothing: no page tells how a subscription could be ended."""

    async def ask(self, registration: str, parcel: Parcel) -> Sequence[bytes]:  # noqa: ARG002 the number is its id
        """Read the whole history; a number of which nothing is known yet has none."""
        path, params = f"/api/track/v1/details/{parcel.number}", {"locale": "en_US"}
        answer = await self._ask("GET", path, params=params, accept=frozenset({_NOT_FOUND}))
        return () if answer.status == _NOT_FOUND else mapping.pushes(answer.object())

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
        accept: frozenset[int],
    ) -> Answer:
        """Ask with a token; one that is refused before its time is replaced once."""
        first = await self._once(method, path, params, content, accept | {_UNAUTHORISED})
        if first.status != _UNAUTHORISED:
            return first
        self._token.forget()
        return await self._once(method, path, params, content, accept)

    async def _once(
        self, method: str, path: str, params: Mapping[str, str] | None, content: bytes | None, accept: frozenset[int]
    ) -> Answer:
        headers = mapping.transaction() | await self._token.bearer() | {"Content-Type": "application/json"}
        return await self._api.ask(method, path, params=params, content=content, headers=headers, accept=accept)


def check(account: TrackerAccount) -> None:
    """Refuse an account whose url, callback or options are wrong, or whose events nothing would prove."""
    check_callback(account)
    options_of(account, UpsOptions)
    if account.push_secret is None:
        raise Rejected("each event carries a credential: give it as `push_secret`", code="bad_option")


@asynccontextmanager
async def open_registry(account: TrackerAccount, secret: str | None) -> AsyncIterator[Registry]:
    """Open an application's subscriptions; no call is made yet."""
    options = options_of(account, UpsOptions)
    async with endpoint(account, "", options.timeout_seconds, {}) as api:
        token = Token(api, options.client_id, needed(secret, account))
        yield UpsRegistry(api, token, account, push_secret(account))


async def probe(account: TrackerAccount, secret: str | None) -> Sequence[str]:
    """Fetch a token: the application's credentials count. What it is subscribed to shows only at a subscription."""
    options = options_of(account, UpsOptions)
    async with endpoint(account, "", options.timeout_seconds, {}) as api:
        await Token(api, options.client_id, needed(secret, account)).bearer()
    return ()


UPS_TRACK_ALERT = Tracker(
    Target(
        name="ups",
        title="UPS Track Alert subscriptions",
        documentation=(
            "https://github.com/UPS-API/api-documentation/blob/main/UPSTrackAlert.yaml",
            "https://github.com/UPS-API/api-documentation/blob/main/Tracking.yaml",
        ),
        read_on=date(2026, 11, 21),
        check=checking(check),
        open=opening("ups", open_registry),
        fields=no_tasks,
        subscription_fields=fields,
        keeps_idempotency_keys=True,
        probe=probing(probe),
    ),
    source="ups",
    renew_after=timedelta(days=13),
)
