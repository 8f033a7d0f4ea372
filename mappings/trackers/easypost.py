"""EasyPost: creating trackers, and what its answers say.

Sources: "Tracker object" and "Create a tracker" of https://docs.easypost.com/docs/trackers, and
https://support.easypost.com/hc/en-us/articles/360044353091-Understanding-Trackers for duplicates and deletion.
"""

import json
from collections.abc import Mapping

from contracts.errors import Rejected, Retryable
from mappings.trackers.registration import Parcel


def creation(parcel: Parcel) -> bytes:
    """Write a tracker to be created. Without a carrier EasyPost finds it out."""
    carrier = {"carrier": parcel.carrier} if parcel.carrier else {}
    return json.dumps({"tracker": {"tracking_code": parcel.number, **carrier}}).encode()


def id_of(tracker: Mapping[str, object]) -> str:
    """Read a tracker's id; raises Retryable where there is none, as when a proxy answers."""
    found = tracker.get("id")
    if not isinstance(found, str):
        raise Retryable("a tracker without an id", code="not_json")
    return found


def refusal(answer: Mapping[str, object], status: int, title: str) -> Rejected:
    """Say why EasyPost refused for good."""
    error = answer.get("error")
    told = error if isinstance(error, Mapping) else {}
    return Rejected(f"{title} answered {status} {told.get('code')}: {told.get('message')}", code=f"http_{status}")


def pushes(tracker: Mapping[str, object]) -> tuple[bytes, ...]:
    """Write a tracker as the event that would have told it, where it has any scans."""
    if not tracker.get("tracking_details"):
        return ()
    return (json.dumps({"description": "tracker.updated", "result": tracker}, ensure_ascii=False).encode(),)
