"""Kuaidi100 (快递100) subscription push to canonical events.

Source: "推送接口", section 2 of https://api.kuaidi100.com/document/5f0ffa8f2977d50a94e1023c (also at
https://apifox.com/apidoc/project-514987/api-8568518). One push is one parcel's whole history, newest first, so it is a
snapshot. Its times have no zone; they are China's.

`status` is that of the monitoring: `polling`, `updateall` (told anew), `shutdown` (the parcel is done), `abort`
(nothing found for 3 days, or no change for 60): whoever still wants to know must subscribe again. One `abort` is none:
where the vendor found the carrier's code wrong (`autoCheck` 0, `comNew` filled) it goes on by itself under the right
one.

`destResult`, sent for international subscriptions (`interCom=1`), is the destination country's part of the history. The
expected arrival of `resultv2=8` is not read: no page states its format.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from contracts.connector import Context, Mapped
from contracts.errors import Rejected
from contracts.identity import tracking_number
from contracts.model import rejection
from contracts.moment import Moment, ZoneSource
from contracts.tracking import Coverage, Scan, Subscription, Tracking, TrackingStatus, scan_id
from mappings.carriers.kuaidi100_codes import CODE_OF_NAME, CODES
from mappings.carriers.kuaidi100_push import Push, Result, Row
from mappings.meaning import Meaning

ZONE = "Asia/Shanghai"

_MONITORING = {
    "polling": Subscription.ACTIVE,
    "updateall": Subscription.ACTIVE,
    "shutdown": Subscription.COMPLETED,
    "abort": Subscription.ABORTED,
}
_UNKNOWN = Meaning("", TrackingStatus.UNKNOWN)
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A scan that was read: when, the code that counts, what that means, and the row it came from."""

    at: Moment
    code: str
    meaning: Meaning
    row: Row


def to_events(payload: object, context: Context) -> Mapped:
    """Map one push; raises Rejected with the JSON path of the first wrong value."""
    try:
        push = Push.model_validate(payload)
    except ValidationError as error:
        raise rejection(error) from error
    number = push.last_result.nu
    if not tracking_number(number):
        raise Rejected(f"found {number!r}; expected a tracking number", code="invalid", path="$.lastResult.nu")
    unknown: set[str] = set()
    seen = _read_all(push, context, unknown)
    if push.status not in _MONITORING:
        unknown.add(f"status={push.status}")
    tracking = Tracking(
        account=context.account,
        source=context.source,
        number=number,
        carrier=push.com_new or push.last_result.com,
        coverage=Coverage.SNAPSHOT,
        scans=_scans(seen, is_back=_is_back(push)),
        subscription=_subscription(push),
        subscription_text=push.message,
    )
    return Mapped((tracking,), tuple(sorted(unknown)))


def _read_all(push: Push, context: Context, unknown: set[str]) -> list[_Seen]:
    """Read both countries' scans, oldest first; of one second, the order in which they were told counts."""
    seen = list(_read_result(push.last_result, "$.lastResult", ZONE, ZoneSource.DOCUMENTATION, unknown))
    if push.dest_result is not None:
        source = ZoneSource.ACCOUNT if context.zone else ZoneSource.DOCUMENTATION
        seen += _read_result(push.dest_result, "$.destResult", context.zone or ZONE, source, unknown)
    return sorted(seen, key=lambda one: one.at.at)


def _read_result(result: Result, path: str, zone: str, zone_source: ZoneSource, unknown: set[str]) -> Iterable[_Seen]:
    if result.state and result.state not in CODES:
        unknown.add(result.state)
    moments: dict[Row, Moment] = {}
    for index, row in enumerate(result.data):
        at = _moment(row.ftime or row.time, f"{path}.data[{index}].ftime", zone, zone_source)
        moments.setdefault(row, at)
    newest = max(moments, key=lambda row: moments[row].at, default=None)
    for row, at in reversed(moments.items()):
        yield _Seen(at, *_judge(row, result.state if row is newest else "", unknown), row)


def _judge(row: Row, state: str, unknown: set[str]) -> tuple[str, Meaning]:
    """Give a scan's code as it was told and what it means: its own code, that of its name, then the parcel's state.

    `state` is given for the newest scan alone. What the vendor's tables do not list is told as unknown, also where a
    coarser code stands in for it.
    """
    named = CODE_OF_NAME.get(row.status, row.status)
    told = [code for code in (row.status_code, named, state) if code]
    listed = [code for code in told if code in CODES]
    if told and told[0] not in CODES:
        unknown.add(told[0])
    return (told[0] if told else ""), (CODES[listed[0]] if listed else _UNKNOWN)


def _scans(seen: list[_Seen], *, is_back: bool) -> tuple[Scan, ...]:
    turned = min((one.at.at for one in seen if one.meaning.returning), default=None)
    if turned is None and is_back and seen:
        turned = seen[-1].at.at
    found: dict[str, Scan] = {}
    for position, one in enumerate(seen):
        scan = _scan(one, position, returning=turned is not None and one.at.at >= turned)
        found.setdefault(scan.id, scan)
    return tuple(found.values())


def _scan(one: _Seen, position: int, *, returning: bool) -> Scan:
    status = one.meaning.status
    if returning and status is TrackingStatus.DELIVERED:
        status = TrackingStatus.RETURNED
    location = one.row.area_name or one.row.location
    # What follows from other scans is part of the id too: one id is one content, whichever push told it.
    judged = f"{one.code}/{status}/{'back' if returning else 'forth'}"
    return Scan(
        id=scan_id(one.at, judged, one.row.context, location),
        occurred=one.at,
        status=status,
        reason=one.meaning.reason or "",
        owner=one.meaning.owner,
        action_required=one.meaning.action_required,
        returning=returning,
        raw_code=one.code,
        raw_text=one.row.context,
        location=location,
        position=position,
    )


def _is_back(push: Push) -> bool:
    """Whether the parcel's state says that it went back, though its newest scan may say "signed for"."""
    results = (push.last_result, push.dest_result)
    return any(CODES.get(result.state, _UNKNOWN).returning for result in results if result is not None)


def _subscription(push: Push) -> Subscription:
    corrected = push.auto_check == "0" and push.com_new
    return Subscription.ACTIVE if corrected else _MONITORING.get(push.status, Subscription.ACTIVE)


def _moment(text: str, path: str, zone: str, zone_source: ZoneSource) -> Moment:
    wrong = Rejected(f"found {text!r}; expected yyyy-MM-dd HH:mm:ss", code="invalid", path=path)
    if _TIME.fullmatch(text) is None:
        raise wrong
    try:
        return Moment.local(datetime.fromisoformat(text), zone, zone_source)
    except (ValueError, Rejected) as error:  # no such day, or no such instant in UTC
        raise wrong from error
