"""AfterShip's Tracking API 2025-01 as https://www.aftership.com/docs/tracking/2025-01 and its "Request errors" tell it.

At most 5 requests a second, then 429. 4003 a tracking exists; 4004 there is none; 4005 a wrong number; 4010 a wrong
slug; 4012 a courier that cannot be detected; 4013 it is active and cannot be tracked again; 4016 it was tracked again
before.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from tests.fakes.serving import Pushed, Reply, Request
from tests.fakes.tracking import DELIVERED, TrackingCloud

SLUGS = {"yto-express", "ups"}
PATH = "/tracking/2025-01/trackings"


@dataclass
class Tracking:
    """One tracking."""

    id: str
    number: str
    slug: str
    changed_at: datetime
    active: bool = True
    retracked: bool = False


@dataclass
class AfterShip(TrackingCloud):
    """webhook: set in its console; secret: with which it signs."""

    per_second: ClassVar[int | None] = 5
    webhook: str = "https://quayside.example/in/aftership/pushes"
    secret: str = "webhook secret"
    trackings: dict[str, Tracking] = field(default_factory=dict)
    made: int = 0

    def too_many(self) -> Reply:
        return _said(429, 429, "You have exceeded the API call rate limit.")

    def handle(self, request: Request) -> Reply:
        if request.headers.get("as-api-key") != self.key:
            return _said(401, 401, "Invalid API key.")
        if request.path == "/tracking/2025-01/couriers":
            return _said(200, 200, data={"couriers": [{"slug": slug} for slug in sorted(SLUGS)]})
        if request.path == PATH:
            return self._create(request.json()) if request.method == "POST" else self._list(request)
        registration, _, what = request.path.removeprefix(f"{PATH}/").partition("/")
        tracking = self.trackings.get(registration)
        if tracking is None:
            return _said(404, 4004, "Tracking does not exist.")
        if request.method == "DELETE":
            return _said(200, 200, data=self._shown(self.trackings.pop(registration)))
        return self._retrack(tracking) if what == "retrack" else _said(200, 200, data=self._shown(tracking))

    def _create(self, body: dict[str, Any]) -> Reply:
        number, slug = body.get("tracking_number", ""), body.get("slug")
        if not number.isalnum():
            return _said(400, 4005, "The value of `tracking_number` is invalid.")
        if slug is not None and slug not in SLUGS:
            return _said(400, 4010, "The value of `slug` is invalid.")
        if slug is None and not number.startswith("YT"):
            return _said(400, 4012, "Unable to import shipment as we don't recognize the carrier.")
        if self._of(number) is not None:
            return _said(400, 4003, "Tracking already exists.")
        self.made += 1
        tracking = Tracking(f"t{self.made}", number, slug or "yto-express", self.now)
        self.trackings[tracking.id] = tracking
        return _said(201, 201, data=self._shown(tracking))

    def _list(self, request: Request) -> Reply:
        found = self._of(request.params["tracking_numbers"])
        return _said(200, 200, data={"trackings": [self._shown(found)] if found else []})

    def _retrack(self, tracking: Tracking) -> Reply:
        if tracking.active:
            return _said(400, 4013, "Retrack is not allowed. You can only retrack an inactive tracking.")
        if tracking.retracked:
            return _said(400, 4016, "Retrack is not allowed. You can only retrack each shipment once.")
        tracking.active = tracking.retracked = True
        return _said(200, 200, data=self._shown(tracking))

    def is_registered(self, number: str) -> bool:
        found = self._of(number)
        return found is not None and found.active

    def tell(self, number: str) -> None:
        tracking = self._of(number)
        assert tracking is not None
        tracking.changed_at = self.now
        tracking.active = self.scans[number][-1][1] != DELIVERED
        self._push(tracking)

    def give_up(self, number: str) -> None:
        tracking = self._of(number)
        assert tracking is not None
        tracking.active, tracking.changed_at = False, self.now
        self._push(tracking)

    def _of(self, number: str) -> Tracking | None:
        return next((one for one in self.trackings.values() if one.number == number), None)

    def _shown(self, tracking: Tracking) -> dict[str, object]:
        points = [
            {
                "checkpoint_time": at.isoformat(timespec="seconds"),
                "tag": "Delivered" if what == DELIVERED else "InTransit",
                "subtag": "Delivered_001" if what == DELIVERED else "InTransit_003",
                "message": what,
                "location": "Hangzhou",
            }
            for at, what in self.scans.get(tracking.number, [])
        ]
        latest = points[-1] if points else {"tag": "Pending", "subtag": "Pending_001"}
        is_given_up = not tracking.active and latest["tag"] != "Delivered"
        return {
            "id": tracking.id,
            "tracking_number": tracking.number,
            "slug": tracking.slug,
            "active": tracking.active,
            "tag": "Expired" if is_given_up else latest["tag"],
            "subtag": "Expired_001" if is_given_up else latest["subtag"],
            "updated_at": tracking.changed_at.isoformat(timespec="seconds"),
            "checkpoints": points,
        }

    def _push(self, tracking: Tracking) -> None:
        told = {"event": "tracking_update", "event_id": "e1", "is_tracking_first_tag": False}
        body = json.dumps(told | {"ts": int(self.now.timestamp()), "msg": self._shown(tracking)}).encode()
        sign = base64.b64encode(hmac.digest(self.secret.encode(), body, hashlib.sha256)).decode()
        self.outbox.append(
            Pushed(self.webhook, body, {"content-type": "application/json", "aftership-hmac-sha256": sign})
        )


def _said(status: int, code: int, message: str = "", data: object = None) -> Reply:
    return Reply(status, {"meta": {"code": code, "message": message}, "data": data or {}})
