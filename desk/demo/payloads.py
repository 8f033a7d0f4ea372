"""What the senders of the story write into their pushes: the JSON of Kuaidi100, and that of EasyPost. Pure.

Formats: "推送接口", section 2 of https://api.kuaidi100.com/document/5f0ffa8f2977d50a94e1023c, with `resultv2=4`
(advanced codes); "Event object", https://docs.easypost.com/docs/events, and "Tracker object",
https://docs.easypost.com/docs/trackers.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from desk.demo.story import Parcel, Story
from desk.demo.written import Scan
from mappings.carriers.kuaidi100_codes import CODES


def kuaidi100(
    story: Story, parcel: Parcel, scans: Sequence[Scan], newest_is_dated: str | None = None, given_up: str = ""
) -> bytes:
    """Write Kuaidi100's push with these scans, the oldest first. given_up: why its monitoring ends without a result."""
    rows = [_row(story, scan) for scan in reversed(scans)]
    if newest_is_dated is not None:
        rows[0] |= {"time": newest_is_dated, "ftime": newest_is_dated}
    state = scans[-1].code if scans else "0"
    done = state in CODES and CODES[state].status.is_final
    push = {
        "status": "abort" if given_up else "shutdown" if done else "polling",
        "billstatus": "check" if done else "got" if scans else "",
        "message": given_up,
        "autoCheck": "0",
        "comOld": "",
        "comNew": "",
        "lastResult": {
            "message": "ok",
            "state": state,
            "status": "200",
            "condition": "F00",
            "ischeck": "1" if done else "0",
            "com": parcel.carrier,
            "nu": parcel.number,
            "data": rows,
        },
    }
    return json.dumps(push, ensure_ascii=False).encode()


def _row(story: Story, scan: Scan) -> dict[str, Any]:
    at = f"{story.at(scan.at):%Y-%m-%d %H:%M:%S}"
    name = CODES[scan.code].name if scan.code in CODES else scan.words
    return {
        "time": at,
        "ftime": at,
        "context": scan.words,
        "status": name,
        "statusCode": scan.code,
        "areaName": scan.place,
        "location": "",
    }


def easypost(story: Story, parcel: Parcel, scans: Sequence[Scan], at: datetime) -> bytes:
    """Write EasyPost's event about a tracker that has these scans, the oldest first; at: when it is told."""
    status, _, detail = scans[-1].code.partition("/")
    told_at = _utc(at)
    tracker = {
        "id": f"trk_{parcel.number.lower()}",
        "object": "Tracker",
        "mode": "production",
        "tracking_code": parcel.number,
        "status": status,
        "status_detail": detail,
        "updated_at": told_at,
        "carrier": parcel.carrier,
        "tracking_details": [_detail(story, scan) for scan in scans],
        "finalized": status == "delivered",
        "is_return": False,
    }
    event = {
        "id": f"evt_{parcel.number.lower()}_{len(scans)}",
        "object": "Event",
        "mode": "production",
        "description": "tracker.updated",
        "created_at": told_at,
        "updated_at": told_at,
        "result": tracker,
    }
    return json.dumps(event, ensure_ascii=False).encode()


def _detail(story: Story, scan: Scan) -> dict[str, Any]:
    status, _, detail = scan.code.partition("/")
    city, _, country = scan.place.partition(",")
    return {
        "object": "TrackingDetail",
        "message": scan.words,
        "status": status,
        "status_detail": detail,
        "datetime": _utc(story.at(scan.at)),
        "tracking_location": {"object": "TrackingLocation", "city": city, "country": country},
    }


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
