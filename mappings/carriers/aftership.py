"""AfterShip webhook to canonical events.

Sources: https://www.aftership.com/docs/tracking/webhook/webhook-specifications, .../model/tracking and
.../model/checkpoint; what changed, .../2026-07/webhook/webhook-changelog and .../past-changelog. Versions differ in the
names of fields, and all of these names are read. `msg` is the whole tracking, checkpoints oldest first: a snapshot. Its
version is `ts`, the Unix time of the event; where an answer to a request stands for a push, it is `updated_at`, in UTC.
`tracking_update`, `edd_revise` (an estimated delivery date) and `tracking_pending_time` carry the same.

A checkpoint is judged by its `subtag`, else by its `tag`; the newest, where it has neither, by the tracking's.
`checkpoint_time` is "in the timezone of the checkpoint" and may lack its offset: then it is a local time in the
account's `zone`, which an account must name, since nothing else does. Estimated dates are the recipient's: dates, local
times or instants. The carrier's own comes first, then the one that AfterShip shows.

AfterShip tracks no longer what `active` denies. An expired tracking was given up for want of news; others are done.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from contracts.connector import Context, Mapped, no_options
from contracts.errors import Rejected
from contracts.model import shown
from contracts.moment import Moment, ZoneSource
from contracts.settings import SourceAccount
from contracts.tracking import Coverage, Subscription, Tracking
from mappings.carriers.aftership_codes import CODES
from mappings.instants import moment
from mappings.payload import Payload, Text, parcel_number, read_payload
from mappings.scans import Told, judge, scans_of

EVENTS = ("tracking_update", "edd_revise", "tracking_pending_time")
_EXPIRED = "Expired"


class _Checkpoint(Payload):
    checkpoint_time: str
    tag: Text = ""
    subtag: Text = ""
    message: Text = ""
    location: Text = ""
    city: Text = ""
    state: Text = ""
    zip: Text = ""
    postal_code: Text = ""
    country_name: Text = ""
    country_region_name: Text = ""

    @property
    def place(self) -> str:
        """Where it happened, as the carrier writes it, or made of what is told."""
        country, code = self.country_region_name or self.country_name, self.postal_code or self.zip
        return self.location or ", ".join(part for part in (self.city, self.state, code, country) if part)


class _Estimate(Payload):
    estimated_delivery_date: Text = ""
    estimated_delivery_date_max: Text = ""
    datetime: Text = ""
    datetime_max: Text = ""

    @property
    def told(self) -> str:
        """The date or time, or the end of a range."""
        one = self.estimated_delivery_date or self.datetime
        return one or self.estimated_delivery_date_max or self.datetime_max


class _Tracking(Payload):
    tracking_number: str
    slug: Text = ""
    order_number: Text = ""
    order_id: Text = ""
    active: bool = True
    updated_at: Text = ""
    tag: Text = ""
    subtag: Text = ""
    subtag_message: Text = ""
    return_to_sender: bool | None = None
    expected_delivery: Text = ""
    courier_estimated_delivery_date: _Estimate | None = None
    latest_estimated_delivery: _Estimate | None = None
    aftership_estimated_delivery_date: _Estimate | None = None
    checkpoints: tuple[_Checkpoint, ...] = ()


class _Push(Payload):
    event: str
    ts: float | None = None
    msg: _Tracking


def check(account: SourceAccount) -> None:
    """Refuse an account without a zone, and every option; raises Rejected."""
    no_options(account)
    if account.zone is None:
        reason = f"source {account.name!r} names no `zone`, and some of AfterShip's times have none"
        raise Rejected(reason, code="no_zone")


def to_events(payload: object, context: Context) -> Mapped:
    """Map one push; raises Rejected with the JSON path of the first wrong value."""
    push = read_payload(_Push, payload)
    if push.event not in EVENTS:
        raise Rejected(
            f"found {shown(push.event)}; expected one of {', '.join(EVENTS)}", code="invalid", path="$.event"
        )
    tracking, unknown = push.msg, set[str]()
    report = Tracking(
        account=context.account,
        source=context.source,
        number=parcel_number(tracking.tracking_number, "$.msg.tracking_number"),
        carrier=tracking.slug,
        coverage=Coverage.SNAPSHOT,
        scans=scans_of(_told(tracking, context, unknown), Coverage.SNAPSHOT, is_back=bool(tracking.return_to_sender)),
        eta=_eta(tracking, context),
        sent_version=_version(push),
        subscription=_subscription(tracking),
        subscription_text=tracking.subtag_message,
        order=tracking.order_number or tracking.order_id,
    )
    return Mapped((report,), tuple(sorted(unknown)))


def _told(tracking: _Tracking, context: Context, unknown: set[str]) -> Iterable[Told]:
    read = [
        (moment(one.checkpoint_time, f"$.msg.checkpoints[{index}].checkpoint_time", context.zone), one)
        for index, one in enumerate(tracking.checkpoints)
    ]
    newest = max((at.at for at, _ in read), default=None)
    unknown.update(code for code in (tracking.subtag, tracking.tag) if code and code not in CODES)
    for at, one in read:
        codes = (one.subtag, one.tag)
        if not any(codes) and at.at == newest:
            codes = (tracking.subtag, tracking.tag)
        yield Told(at, codes[0] or codes[1], judge(codes, CODES, unknown), one.message, one.place)


def _eta(tracking: _Tracking, context: Context) -> Moment | None:
    for name in ("courier_estimated_delivery_date", "latest_estimated_delivery", "aftership_estimated_delivery_date"):
        estimate: _Estimate | None = getattr(tracking, name)
        if estimate and estimate.told:
            return moment(estimate.told, f"$.msg.{name}", context.zone)
    if tracking.expected_delivery:
        return moment(tracking.expected_delivery, "$.msg.expected_delivery", context.zone)
    return None


def _version(push: _Push) -> str:
    """Write the instant of the event, or else of the tracking's last change, so that text sorts like time."""
    if push.ts is None:
        changed = push.msg.updated_at
        utc = ("UTC", ZoneSource.DOCUMENTATION)
        return moment(changed, "$.msg.updated_at", *utc).at.isoformat() if changed else ""
    try:
        return datetime.fromtimestamp(push.ts, UTC).isoformat()
    except (ValueError, OverflowError, OSError) as error:
        raise Rejected(f"found {shown(push.ts)}; expected a Unix time", code="invalid", path="$.ts") from error


def _subscription(tracking: _Tracking) -> Subscription:
    if tracking.active:
        return Subscription.ACTIVE
    return Subscription.ABORTED if tracking.tag == _EXPIRED else Subscription.COMPLETED
