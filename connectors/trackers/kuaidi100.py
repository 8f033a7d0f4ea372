"""Kuaidi100 (快递100) pushes what was registered at its subscription interface.

It monitors a parcel until it was signed for, and gives up (`abort`) where nothing was found for 3 days or nothing
changed for 60; half an hour later it can be registered again, at most four times a month. No page tells how to end a
registration: it ends with the parcel. One number may be asked for once in half an hour, else it is locked.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta

from connectors.targets.http import Endpoint, endpoint
from connectors.trackers.account import check_callback, needed, push_secret
from connectors.trackers.session import Registered, Registry, checking, opening
from contracts.connector import Target, Tracker
from contracts.errors import Rejected
from contracts.settings import TrackerAccount
from mappings.trackers import kuaidi100 as mapping
from mappings.trackers.kuaidi100 import Kuaidi100Options
from mappings.trackers.options import options_of
from mappings.trackers.registration import Parcel, fields, no_tasks

FORM = "application/x-www-form-urlencoded"


class Kuaidi100Registry:
    """One account's registrations."""

    def __init__(self, api: Endpoint, account: TrackerAccount, key: str, salt: str) -> None:
        """Take the API, the account's key, and the salt with which its pushes are signed."""
        self._api = api
        self._account = account
        self._options = options_of(account, Kuaidi100Options)
        self._key = key
        self._salt = salt

    async def register(self, parcel: Parcel) -> Registered:
        """Register a parcel; that it is registered already is no refusal."""
        form = mapping.subscription(parcel, self._account, self._key, self._salt, self._options.phone)
        refusal = mapping.refusal(await self._post("/poll", form), self._api.title)
        if refusal is not None:
            raise refusal
        return Registered(parcel.number)

    async def end(self, registration: str, parcel: Parcel) -> None:
        """Do nothing: no page tells how a registration could be ended."""

    async def ask(self, registration: str, parcel: Parcel) -> Sequence[bytes]:  # noqa: ARG002 the number is its id
        """Query a parcel, whose carrier must be known here."""
        if not (parcel.carrier and self._options.customer):
            return ()
        form = mapping.query(parcel, self._options, self._key)
        return mapping.pushes(await self._post("/poll/query.do", form), self._api.title)

    async def _post(self, path: str, form: bytes) -> dict[str, object]:
        return (await self._api.ask("POST", path, content=form, headers={"Content-Type": FORM})).object()


def check(account: TrackerAccount) -> None:
    """Refuse an account whose url, callback or options are wrong, or that cannot ask for parcels and is to."""
    check_callback(account)
    options = options_of(account, Kuaidi100Options)
    if account.asks and not options.customer:
        raise Rejected("to ask for parcels give the option `customer`, or set `asks: false`", code="bad_option")


@asynccontextmanager
async def open_registry(account: TrackerAccount, secret: str | None) -> AsyncIterator[Registry]:
    """Open an account's registrations; no call is made yet."""
    key, seconds = needed(secret, account), options_of(account, Kuaidi100Options).timeout_seconds
    async with endpoint(account, "", seconds, {}) as api:
        yield Kuaidi100Registry(api, account, key, push_secret(account))


KUAIDI100_SUBSCRIPTION = Tracker(
    Target(
        name="kuaidi100",
        title="Kuaidi100 (快递100) subscription",
        documentation=(
            "https://api.kuaidi100.com/document/pushService",
            "https://api.kuaidi100.com/document/5f0ffb5ebc8da837cbd8aefc",
            "https://cloud.tencent.com/developer/article/1828132",
        ),
        read_on=date(2026, 11, 21),
        check=checking(check),
        open=opening("kuaidi100", open_registry, FORM),
        fields=no_tasks,
        subscription_fields=fields,
        keeps_idempotency_keys=True,
    ),
    source="kuaidi100",
    again_after=timedelta(minutes=30),
)
