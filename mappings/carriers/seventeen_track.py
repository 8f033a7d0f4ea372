"""17TRACK API v2.2 webhook to canonical events.

Source: "Webhook" and "Tracking info" of https://asset.17track.net/api/document/v2.2_en/index.html. `TRACKING_UPDATED`
carries all that its providers (the carriers on the way, each with its own events, newest first) tell of one number, and
so is a snapshot; the newest `latest_sync_time` is its version. `TRACKING_STOPPED` says that the number is tracked no
longer, and need carry no history: whoever still wants to know must have it tracked again.

An event is judged by its `sub_status`, else by the milestone in `stage`; the newest of all, where it has neither, by
the number's `latest_status`.

`time_utc` and `time_iso` are one instant. `time_raw` is what the carrier wrote: without a `timezone` in it, 17TRACK
reckoned the offset, so the time is a local one; without a `time`, it is a date.
"""

from collections.abc import Iterable, Iterator

from pydantic import Field

from contracts.connector import Context, Mapped
from contracts.errors import Rejected
from contracts.model import shown
from contracts.moment import Moment, Precision
from contracts.tracking import Coverage, Subscription, Tracking
from mappings.carriers.seventeen_track_codes import CODES, STAGES
from mappings.instants import moment
from mappings.payload import Payload, Text, parcel_number, read_payload
from mappings.scans import Told, judge, scans_of

UPDATED, STOPPED = "TRACKING_UPDATED", "TRACKING_STOPPED"
NO_CARRIER = "0"
"""What 17TRACK writes while it knows none."""
_WENT_BACK = frozenset({"Exception_Returning", "Exception_Returned"})
_ENDS = frozenset({"Delivered", "Exception_Returned", "Exception_Cancel"})


class _Raw(Payload):
    date: Text = ""
    time: Text = ""
    timezone: Text = ""


class _Event(Payload):
    time_iso: Text = ""
    time_utc: Text = ""
    time_raw: _Raw | None = None
    description: Text = ""
    location: Text = ""
    stage: Text = ""
    sub_status: Text = ""


class _Carrier(Payload):
    key: Text = ""
    name: Text = ""


class _Provider(Payload):
    provider: _Carrier = _Carrier()
    latest_sync_time: Text = ""
    events: tuple[_Event, ...] = ()


class _Status(Payload):
    status: Text = ""
    sub_status: Text = ""


class _Expected(Payload):
    start: Text = Field(default="", alias="from")
    end: Text = Field(default="", alias="to")


class _Metrics(Payload):
    expected: _Expected | None = Field(default=None, alias="estimated_delivery_date")


class _Providers(Payload):
    providers: tuple[_Provider, ...] = ()


class _Info(Payload):
    latest_status: _Status = _Status()
    time_metrics: _Metrics | None = None
    tracking: _Providers = _Providers()


class _Data(Payload):
    number: str
    carrier: Text = ""
    track_info: _Info | None = None


class _Push(Payload):
    event: str
    data: _Data


def to_events(payload: object, context: Context) -> Mapped:
    """Map one push; raises Rejected with the JSON path of the first wrong value."""
    push = read_payload(_Push, payload)
    if push.event not in {UPDATED, STOPPED}:
        reason = f"found {shown(push.event)}; expected {UPDATED} or {STOPPED}"
        raise Rejected(reason, code="invalid", path="$.event")
    data, info = push.data, push.data.track_info
    if info is None and push.event == UPDATED:
        raise Rejected("found nothing; expected what is tracked", code="invalid", path="$.data.track_info")
    info = info or _Info()
    unknown: set[str] = set()
    latest = info.latest_status
    told = _told(info, context, unknown)
    # Without a history, a stop would be a snapshot that tells of nothing.
    coverage = Coverage.SNAPSHOT if data.track_info else Coverage.INCREMENT
    tracking = Tracking(
        account=context.account,
        source=context.source,
        number=parcel_number(data.number, "$.data.number"),
        carrier=_carrier(data, info),
        coverage=coverage,
        scans=scans_of(told, coverage, is_back=latest.sub_status in _WENT_BACK),
        eta=_eta(info, context),
        sent_version=_version(info),
        subscription=_subscription(push.event, latest),
        subscription_text=push.event if push.event == STOPPED else "",
    )
    return Mapped((tracking,), tuple(sorted(unknown)))


def _told(info: _Info, context: Context, unknown: set[str]) -> list[Told]:
    """Read all providers' events; of one instant, those that were told later come first in a push."""
    read = [(_moment(event, path, context), event) for path, event in _events(info.tracking.providers)]
    newest = max((at.at for at, _ in read), default=None)
    latest = info.latest_status
    found = []
    for at, event in reversed(read):
        codes = (event.sub_status, STAGES.get(event.stage, event.stage))
        kept = event.sub_status or event.stage
        if not kept and at.at == newest:
            codes = (latest.sub_status, latest.status)
            kept = latest.sub_status or latest.status
        found.append(Told(at, kept, judge(codes, CODES, unknown), event.description, event.location))
    unknown.update(code for code in (latest.sub_status, latest.status) if code and code not in CODES)
    return found


def _events(providers: Iterable[_Provider]) -> Iterator[tuple[str, _Event]]:
    for place, provider in enumerate(providers):
        for index, event in enumerate(provider.events):
            yield f"$.data.track_info.tracking.providers[{place}].events[{index}]", event


def _moment(event: _Event, path: str, context: Context) -> Moment:
    name = "time_utc" if event.time_utc else "time_iso"
    at = moment(event.time_utc or event.time_iso, f"{path}.{name}", context.zone)
    raw = event.time_raw
    if raw is None or at.precision is not Precision.INSTANT or (raw.time and raw.timezone):
        return at
    precision = Precision.LOCAL if raw.time else Precision.DATE
    return Moment(at=at.at, precision=precision, zone_source=at.zone_source)


def _carrier(data: _Data, info: _Info) -> str:
    """Give the name of the carrier that took the parcel first, else 17TRACK's number of it."""
    names = (provider.provider.name for provider in info.tracking.providers)
    return next(filter(None, names), "" if data.carrier == NO_CARRIER else data.carrier)


def _eta(info: _Info, context: Context) -> Moment | None:
    expected = info.time_metrics.expected if info.time_metrics else None
    if expected is None or not (expected.end or expected.start):
        return None
    path = f"$.data.track_info.time_metrics.estimated_delivery_date.{'to' if expected.end else 'from'}"
    return moment(expected.end or expected.start, path, context.zone)


def _version(info: _Info) -> str:
    """Write when the providers were last asked so that text sorts like time."""
    synced = [
        moment(provider.latest_sync_time, f"$.data.track_info.tracking.providers[{place}].latest_sync_time", "UTC").at
        for place, provider in enumerate(info.tracking.providers)
        if provider.latest_sync_time
    ]
    return max(synced).isoformat() if synced else ""


def _subscription(event: str, latest: _Status) -> Subscription:
    if event == UPDATED:
        return Subscription.ACTIVE
    return Subscription.COMPLETED if {latest.status, latest.sub_status} & _ENDS else Subscription.ABORTED
