"""From the story to the carriers' pushes, as Kuaidi100 sends them: form body and signature.

Format: "推送接口", section 2 of https://api.kuaidi100.com/document/5f0ffa8f2977d50a94e1023c, with `resultv2=4`
(advanced codes).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from connectors.sources.kuaidi100 import KUAIDI100
from desk.demo.story import Parcel, Story, Told
from desk.demo.written import Scan
from mappings.carriers.kuaidi100_codes import CODES

TOLD_AFTER = timedelta(minutes=2)
"""How long after a scan it is pushed."""


@dataclass(frozen=True, slots=True)
class Push:
    """A push: when it is due, the payload, and by which way it comes.

    id: of a carrier's, `NUMBER#1`, `NUMBER#2`, … of its parcel; of what another system tells, as the story names it.
    """

    id: str
    at: datetime
    payload: bytes
    by: Literal["kuaidi100", "cloudevents"] = "kuaidi100"

    def body(self, salt: str) -> bytes:
        """Write the signed form; a CloudEvent is sent as it is."""
        return KUAIDI100.verify.sign(self.payload, salt, self.at).body if self.by == "kuaidi100" else self.payload


def pushes(story: Story) -> list[Push]:
    """Give all pushes of the day, by when they are due."""
    found = [push for parcel in story.parcels for push in _of_parcel(story, parcel)]
    return sorted(found, key=lambda push: (push.at, push.id))


def told(story: Story) -> list[Push]:
    """Give what other systems and customers tell, each a CloudEvent in structured mode, by when it is due."""
    found = [Push(one.id, story.at(one.at), _event(one), "cloudevents") for one in story.told]
    return sorted(found, key=lambda push: (push.at, push.id))


def _event(one: Told) -> bytes:
    event = {"specversion": "1.0", "id": one.id, "source": "plant-2", "type": one.type, "data": one.data}
    return json.dumps(event, ensure_ascii=False, default=datetime.isoformat).encode()  # YAML reads instants by itself


def push_afterwards(story: Story) -> Push:
    """Give the push that is left to whoever watches."""
    parcel = next(parcel for parcel in story.parcels if parcel.number == story.afterwards.parcel)
    scan = story.afterwards.scan
    payload = _payload(story, parcel, (*parcel.scans, scan), None)
    return Push(f"{parcel.number}#afterwards", story.at(scan.at) + TOLD_AFTER, payload)


def _of_parcel(story: Story, parcel: Parcel) -> list[Push]:
    begins = story.at(story.begins)
    due: list[tuple[datetime, int, str | None]] = [
        (story.at(scan.at) + TOLD_AFTER, count, None)
        for count, scan in enumerate(parcel.scans, 1)
        if story.at(scan.at) >= begins
    ]
    due += [(story.at(also.at), also.scans, also.newest_is_dated) for also in parcel.also_pushed]
    return [
        Push(f"{parcel.number}#{place}", at, _payload(story, parcel, parcel.scans[:count], dated))
        for place, (at, count, dated) in enumerate(sorted(due, key=lambda one: one[0]), 1)
    ]


def _payload(story: Story, parcel: Parcel, scans: Sequence[Scan], newest_is_dated: str | None) -> bytes:
    rows = [_row(story, scan) for scan in reversed(scans)]
    if newest_is_dated is not None:
        rows[0] |= {"time": newest_is_dated, "ftime": newest_is_dated}
    state = scans[-1].code
    done = state in CODES and CODES[state].status.is_final
    push = {
        "status": "shutdown" if done else "polling",
        "billstatus": "check" if done else "got",
        "message": "",
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
