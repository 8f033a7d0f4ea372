"""17TRACK (API v2.2) pushes what was registered with it, to the address in its console, and stops when it sees no end.

At most 3 requests a second (https://help.17track.net/hc/en-us/articles/37570440168473-Error-Codes-and-Troubleshooting
names the answer, 429). A number that it stopped can be tracked again once.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date

from connectors.targets.http import Endpoint, check_url, endpoint
from connectors.trackers.account import needed
from connectors.trackers.session import Registered, Registry, checking, opening, probing
from contracts.connector import Limit, Target, Tracker
from contracts.errors import Rejected
from contracts.settings import TrackerAccount
from mappings.trackers import seventeen_track as mapping
from mappings.trackers.options import TrackerOptions, options_of
from mappings.trackers.registration import Parcel, fields, no_tasks
from mappings.trackers.seventeen_track import Answer

_THERE = frozenset({mapping.ALREADY_REGISTERED})
_TRACKED = frozenset({mapping.NOT_STOPPED})
_ENDED = frozenset({mapping.NOT_TRACKED, mapping.NOT_REGISTERED})
_UNKNOWN = frozenset({mapping.NO_INFORMATION, mapping.NOT_REGISTERED})


class SeventeenTrackRegistry:
    """One account's registrations."""

    def __init__(self, api: Endpoint) -> None:
        """Take the API."""
        self._api = api

    async def register(self, parcel: Parcel) -> Registered:
        """Register a number; one that is registered is tracked again where it was stopped."""
        answer = await self._post("register", parcel, _THERE)
        if answer.rejected_with in _THERE:
            await self._post("retrack", parcel, _TRACKED)
        return Registered(parcel.number)

    async def end(self, registration: str, parcel: Parcel) -> None:  # noqa: ARG002 the number is its id
        """Stop tracking a number."""
        await self._post("stoptrack", parcel, _ENDED)

    async def ask(self, registration: str, parcel: Parcel) -> Sequence[bytes]:  # noqa: ARG002 the number is its id
        """Read what is known of a number; one that is no longer registered is registered."""
        answer = await self._post("gettrackinfo", parcel, _UNKNOWN)
        if answer.rejected_with == mapping.NOT_REGISTERED:
            await self.register(parcel)
        return [mapping.push(accepted) for accepted in answer.data.accepted if accepted.get("track_info")]

    async def _post(self, what: str, parcel: Parcel, accept: frozenset[int]) -> Answer:
        sent = {"Content-Type": "application/json"}
        answer = await self._api.ask("POST", f"/track/v2.2/{what}", content=mapping.numbers(parcel), headers=sent)
        said = mapping.answer_of(answer.body)
        refusal = said.refusal(self._api.title, accept)
        if refusal is not None:
            raise refusal
        return said


def check(account: TrackerAccount) -> None:
    """Refuse an account whose url, options or carriers' codes are wrong."""
    check_url(account)
    options_of(account, TrackerOptions)
    for name, code in account.carriers.items():
        if code and not code.isdecimal():
            reason = f"found {code!r} for {name!r}; expected 17TRACK's number of the carrier, such as 190271"
            raise Rejected(reason, code="bad_option", path=f"$.carriers.{name}")


@asynccontextmanager
async def open_registry(account: TrackerAccount, secret: str | None) -> AsyncIterator[Registry]:
    """Open an account's registrations; no call is made yet."""
    seconds = options_of(account, TrackerOptions).timeout_seconds
    async with endpoint(account, "", seconds, {"17token": needed(secret, account)}) as api:
        yield SeventeenTrackRegistry(api)


async def probe(account: TrackerAccount, secret: str | None) -> Sequence[str]:
    """Ask for the account's quota ("GetQuota", free): the key and the list of addresses count."""
    seconds = options_of(account, TrackerOptions).timeout_seconds
    async with endpoint(account, "", seconds, {"17token": needed(secret, account)}) as api:
        sent = {"Content-Type": "application/json"}
        answer = await api.ask("POST", "/track/v2.2/getquota", content=b"{}", headers=sent)
        quota = mapping.quota_of(answer.body, api.title)
    return ("no quota is left at 17TRACK: it registers nothing",) if quota == 0 else ()


SEVENTEEN_TRACK_REGISTRATION = Tracker(
    Target(
        name="17track",
        title="17TRACK registration, API v2.2",
        documentation=(
            "https://asset.17track.net/api/document/v2.2_en/index.html",
            "https://help.17track.net/hc/en-us/articles/37570440168473-Error-Codes-and-Troubleshooting",
        ),
        read_on=date(2026, 11, 21),
        check=checking(check),
        open=opening("17track", open_registry),
        fields=no_tasks,
        subscription_fields=fields,
        keeps_idempotency_keys=True,
        limit=Limit(calls=3, seconds=1),
        probe=probing(probe),
    ),
    source="17track",
)
