"""From the story to what is pushed on its day, and when. Pure."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from connectors.registry import SOURCES
from contracts.signature import Sent
from desk.demo import payloads
from desk.demo.story import Parcel, Story, Told

TOLD_AFTER = timedelta(minutes=2)
"""How long after a scan it is pushed."""
By = Literal["kuaidi100", "easypost", "cloudevents"]


@dataclass(frozen=True, slots=True)
class Push:
    """A push: when it is due, the payload, and by which connector it is read.

    id: about a parcel, `NUMBER#1`, `NUMBER#2`, …; of what another system tells, as the story names it. parcel: its
    number, where it is about one. gives_up: whether Kuaidi100 monitors the parcel no longer after it.
    """

    id: str
    at: datetime
    payload: bytes
    by: By = "kuaidi100"
    parcel: str = ""
    gives_up: bool = False

    def signed(self, secret: str) -> Sent:
        """Write the request as its sender signs it, by the scheme that the connector's record verifies with."""
        return SOURCES[self.by].verify.sign(self.payload, secret, self.at)


class _Due(NamedTuple):
    at: datetime
    scans: int
    newest_is_dated: str | None = None
    given_up: str = ""


def pushes(story: Story) -> list[Push]:
    """Give all pushes about parcels, by when they are due."""
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
    payload = payloads.kuaidi100(story, parcel, (*parcel.scans, scan))
    return Push(f"{parcel.number}#afterwards", story.at(scan.at) + TOLD_AFTER, payload, parcel=parcel.number)


def _of_parcel(story: Story, parcel: Parcel) -> list[Push]:
    begins = story.at(story.begins)
    due = [
        _Due(story.at(scan.at) + TOLD_AFTER, count)
        for count, scan in enumerate(parcel.scans, 1)
        if story.at(scan.at) >= begins
    ]
    due += [_Due(story.at(also.at), also.scans, also.newest_is_dated) for also in parcel.also_pushed]
    if parcel.given_up is not None:
        at = story.at(parcel.given_up.at)
        before = sum(story.at(scan.at) < at for scan in parcel.scans)
        due.append(_Due(at, before, given_up=parcel.given_up.words))
    return [_push(story, parcel, place, one) for place, one in enumerate(sorted(due, key=lambda one: one.at), 1)]


def _push(story: Story, parcel: Parcel, place: int, due: _Due) -> Push:
    scans, by = parcel.scans[: due.scans], story.told_by(parcel)
    if by == "easypost":
        payload = payloads.easypost(story, parcel, scans, due.at)
    else:
        payload = payloads.kuaidi100(story, parcel, scans, due.newest_is_dated, due.given_up)
    return Push(f"{parcel.number}#{place}", due.at, payload, by, parcel.number, bool(due.given_up))
