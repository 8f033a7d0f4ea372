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
from datetime import datetime
from operator import itemgetter

from pydantic import ValidationError

from contracts.connector import Context, Mapped
from contracts.errors import Rejected
from contracts.identity import tracking_number
from contracts.model import rejection
from contracts.moment import Moment, ZoneSource
from contracts.tracking import Coverage, Subscription, Tracking
from mappings.carriers.kuaidi100_codes import CODE_OF_NAME, CODES
from mappings.carriers.kuaidi100_push import Push, Result
from mappings.scans import UNKNOWN, Told, judge, scans_of

ZONE = "Asia/Shanghai"

_MONITORING = {
    "polling": Subscription.ACTIVE,
    "updateall": Subscription.ACTIVE,
    "shutdown": Subscription.COMPLETED,
    "abort": Subscription.ABORTED,
}
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)


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
    told = _read_all(push, context, unknown)
    if push.status not in _MONITORING:
        unknown.add(f"status={push.status}")
    tracking = Tracking(
        account=context.account,
        source=context.source,
        number=number,
        carrier=push.com_new or push.last_result.com,
        coverage=Coverage.SNAPSHOT,
        scans=scans_of(told, Coverage.SNAPSHOT, is_back=_is_back(push)),
        subscription=_subscription(push),
        subscription_text=push.message,
    )
    return Mapped((tracking,), tuple(sorted(unknown)))


def _read_all(push: Push, context: Context, unknown: set[str]) -> list[Told]:
    """Read both countries' scans; of one second, the order in which they were told counts."""
    told = list(_read_result(push.last_result, "$.lastResult", ZONE, ZoneSource.DOCUMENTATION, unknown))
    if push.dest_result is not None:
        source = ZoneSource.ACCOUNT if context.zone else ZoneSource.DOCUMENTATION
        told += _read_result(push.dest_result, "$.destResult", context.zone or ZONE, source, unknown)
    return told


def _read_result(result: Result, path: str, zone: str, zone_source: ZoneSource, unknown: set[str]) -> Iterable[Told]:
    if result.state and result.state not in CODES:
        unknown.add(result.state)
    read = [
        (_moment(row.ftime or row.time, f"{path}.data[{index}].ftime", zone, zone_source), row)
        for index, row in enumerate(result.data)
    ]
    newest_at, newest = max(((at.at, row) for at, row in read), key=itemgetter(0), default=(None, None))
    for at, row in reversed(read):
        state = result.state if at.at == newest_at and row == newest else ""
        # A scan's own code counts, then that of its name, then the parcel's state, which is told of its newest scan.
        named = CODE_OF_NAME.get(row.status, row.status)
        codes = (row.status_code, named, state)
        code = next(filter(None, codes), "")
        yield Told(at, code, judge(codes, CODES, unknown), row.context, row.area_name or row.location)


def _is_back(push: Push) -> bool:
    """Whether the parcel's state says that it went back, though its newest scan may say "signed for"."""
    results = (push.last_result, push.dest_result)
    return any(CODES.get(result.state, UNKNOWN).returning for result in results if result is not None)


def _subscription(push: Push) -> Subscription:
    corrected = push.auto_check == "0" and push.com_new
    return Subscription.ACTIVE if corrected else _MONITORING.get(push.status, Subscription.ACTIVE)


def _moment(text: str, path: str, zone: str, zone_source: ZoneSource) -> Moment:
    try:
        if _TIME.fullmatch(text) is not None:
            return Moment.local(datetime.fromisoformat(text), zone, zone_source)
    except (ValueError, Rejected) as error:  # no such day, or no such instant in UTC
        raise _wrong(text, path) from error
    raise _wrong(text, path)


def _wrong(text: str, path: str) -> Rejected:
    return Rejected(f"found {text!r}; expected yyyy-MM-dd HH:mm:ss", code="invalid", path=path)
