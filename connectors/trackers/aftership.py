"""AfterShip pushes the trackings that were created with it, to the address in its console.

Most of its endpoints take 5 requests a second (https://www.aftership.com/docs/tracking/2025-01/quickstart/rate-limit).
A tracking that expired can be tracked again once.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date

from connectors.targets.http import Endpoint, check_url, endpoint
from connectors.trackers.account import needed
from connectors.trackers.session import Registered, Registry, checking, opening, probing
from contracts.connector import Limit, Target, Tracker
from contracts.errors import Retryable
from contracts.settings import TrackerAccount
from mappings.trackers import aftership as mapping
from mappings.trackers.aftership import AfterShipOptions
from mappings.trackers.options import options_of
from mappings.trackers.registration import Parcel, fields, no_tasks

_EXPLAINED = frozenset({400, 404, 422})


class AfterShipRegistry:
    """One account's registrations."""

    def __init__(self, api: Endpoint, *, deletes: bool) -> None:
        """Take the API at the account's version, and whether what is not needed is deleted."""
        self._api = api
        self._deletes = deletes

    async def register(self, parcel: Parcel) -> Registered:
        """Create a tracking; one that exists is tracked again where it is not active."""
        answer = await self._ask("POST", "/trackings", mapping.creation(parcel), accept=mapping.EXISTS)
        tracking = mapping.tracking_of(answer) or await self._existing(parcel)
        registration = str(tracking["id"])
        if mapping.code_of(answer) == mapping.EXISTS and tracking.get("active") is False:
            await self._ask("POST", f"/trackings/{registration}/retrack", b"{}", accept=mapping.ACTIVE)
        return Registered(registration)

    async def end(self, registration: str, parcel: Parcel) -> None:  # noqa: ARG002 its id is enough
        """Delete a tracking, where the account does that."""
        if self._deletes:
            await self._ask("DELETE", f"/trackings/{registration}", accept=mapping.MISSING)

    async def ask(self, registration: str, parcel: Parcel) -> Sequence[bytes]:
        """Read a tracking; one that is no longer there is created."""
        answer = await self._ask("GET", f"/trackings/{registration}", accept=mapping.MISSING)
        tracking = mapping.tracking_of(answer)
        if tracking is None:
            await self.register(parcel)
            return ()
        return (mapping.push(tracking),)

    async def _existing(self, parcel: Parcel) -> Mapping[str, object]:
        slug = {"slug": parcel.carrier} if parcel.carrier else {}
        answer = await self._ask("GET", "/trackings", params={"tracking_numbers": parcel.number, **slug})
        found = mapping.tracking_of(answer)
        if found is None:
            raise Retryable(f"{parcel.number} exists already and is not found", code="not_found")
        return found

    async def _ask(
        self,
        method: str,
        path: str,
        content: bytes | None = None,
        *,
        params: Mapping[str, str] | None = None,
        accept: int = 0,
    ) -> dict[str, object]:
        sent = {"Content-Type": "application/json"}
        answer = await self._api.ask(method, path, params=params, content=content, headers=sent, accept=_EXPLAINED)
        said = answer.object()
        if answer.status in _EXPLAINED and mapping.code_of(said) != accept:
            raise mapping.refusal(said, self._api.title)
        return said


def check(account: TrackerAccount) -> None:
    """Refuse an account whose url or options are wrong."""
    check_url(account)
    options_of(account, AfterShipOptions)


@asynccontextmanager
async def open_registry(account: TrackerAccount, secret: str | None) -> AsyncIterator[Registry]:
    """Open an account's registrations; no call is made yet."""
    options = options_of(account, AfterShipOptions)
    headers = {"as-api-key": needed(secret, account)}
    async with endpoint(account, f"/tracking/{options.version}", options.timeout_seconds, headers) as api:
        yield AfterShipRegistry(api, deletes=options.deletes)


async def probe(account: TrackerAccount, secret: str | None) -> Sequence[str]:
    """Ask which couriers the account may use (`GET /couriers`, free): its key counts, and the slugs of `carriers`."""
    options = options_of(account, AfterShipOptions)
    headers = {"as-api-key": needed(secret, account)}
    async with endpoint(account, f"/tracking/{options.version}", options.timeout_seconds, headers) as api:
        there = mapping.slugs_of((await api.ask("GET", "/couriers")).object())
    wrong = sorted({slug for slug in account.carriers.values() if slug and there and slug not in there})
    return [f"AfterShip offers this account no courier {slug!r}" for slug in wrong]


AFTERSHIP_TRACKINGS = Tracker(
    Target(
        name="aftership",
        title="AfterShip trackings",
        documentation=(
            "https://www.aftership.com/docs/tracking/2025-01/quickstart/rate-limit",
            "https://www.aftership.com/docs/tracking/quickstart/request-errors",
        ),
        read_on=date(2026, 11, 21),
        check=checking(check),
        open=opening("aftership", open_registry),
        fields=no_tasks,
        subscription_fields=fields,
        keeps_idempotency_keys=True,
        limit=Limit(calls=5, seconds=1),
        probe=probing(probe),
    ),
    source="aftership",
)
