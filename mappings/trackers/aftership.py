"""AfterShip: creating trackings, and what its answers say.

Sources: "Create a tracking", "Retrack an expired tracking by ID", "Get a tracking by ID" and "Delete a tracking by ID"
of https://www.aftership.com/docs/tracking/2025-01, and https://www.aftership.com/docs/tracking/quickstart/request-errors
for `meta.code`. In versions before 2024-07 a tracking stands in `data.tracking`, later it is `data` itself; both are
read.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from contracts.errors import Rejected, Retryable
from mappings.trackers.options import TrackerOptions
from mappings.trackers.registration import Parcel

EXISTS, MISSING, ACTIVE = 4003, 4004, 4013
"""It exists already; there is none; it cannot be tracked again because it still is."""


class AfterShipOptions(TrackerOptions):
    """The options of an `aftership` tracker.

    version: of its API. deletes: whether a tracking is deleted when the parcel needs it no longer, and with it its page
    for customers; if not, AfterShip ends it by itself.
    """

    version: str = "2025-01"
    deletes: bool = True


def creation(parcel: Parcel) -> bytes:
    """Write a tracking to be created. Without a slug AfterShip finds out the carrier."""
    slug = {"slug": parcel.carrier} if parcel.carrier else {}
    return json.dumps({"tracking_number": parcel.number, **slug}).encode()


def code_of(answer: Mapping[str, object]) -> int:
    """Read `meta.code`; raises Retryable where there is none, as when a proxy answers."""
    meta = answer.get("meta")
    code = meta.get("code") if isinstance(meta, Mapping) else None
    if not isinstance(code, int):
        raise Retryable("an answer without meta.code", code="not_json")
    return code


def refusal(answer: Mapping[str, object], title: str) -> Rejected:
    """Say why AfterShip refused for good."""
    meta = answer.get("meta")
    message = meta.get("message") if isinstance(meta, Mapping) else ""
    return Rejected(f"{title} answered {code_of(answer)}: {message}", code=f"meta_{code_of(answer)}")


def tracking_of(answer: Mapping[str, object]) -> Mapping[str, object] | None:
    """Give the tracking in an answer, of a list the first; None where there is none."""
    data = answer.get("data")
    found = data.get("tracking", data) if isinstance(data, Mapping) else None
    if isinstance(found, Mapping) and isinstance(found.get("trackings"), list):
        found = next(iter(found["trackings"]), None)
    return found if isinstance(found, Mapping) and found.get("id") else None


def slugs_of(answer: Mapping[str, object]) -> frozenset[str]:
    """Give the slugs of the couriers in an answer."""
    data = answer.get("data")
    couriers = data.get("couriers") if isinstance(data, Mapping) else None
    return frozenset(str(one["slug"]) for one in couriers or () if isinstance(one, Mapping) and "slug" in one)


def push(tracking: Mapping[str, object]) -> bytes:
    """Write a tracking as the push that would have told it; its version is the instant of its last change."""
    try:
        changed_at = datetime.fromisoformat(str(tracking.get("updated_at")))
    except ValueError as error:
        raise Rejected(f"found {tracking.get('updated_at')!r}; expected a time", path="$.data.updated_at") from error
    body = {"event": "tracking_update", "ts": int(changed_at.timestamp()), "msg": tracking}
    return json.dumps(body, ensure_ascii=False).encode()
