"""EasyPost's trackers as https://docs.easypost.com/docs/trackers and its "Understanding trackers" tell of them.

The same number and carrier within three months give the tracker that is there; a deleted one answers 404 and tells its
webhooks nothing more; a carrier that cannot be found is answered 422.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.fakes.serving import Pushed, Reply, Request
from tests.fakes.tracking import DELIVERED, TrackingCloud

CARRIERS = {"UPS", "YTO"}
KEPT = timedelta(days=91)


@dataclass
class Tracker:
    """One tracker."""

    id: str
    number: str
    carrier: str
    created_at: datetime
    changed_at: datetime


@dataclass
class EasyPost(TrackingCloud):
    """webhook: set in its console; secret: with which it signs; disabled_at: when its endpoint failed too often."""

    webhook: str = "https://quayside.example/in/easypost/pushes"
    secret: str = "webhook secret"
    disabled_at: str | None = None
    trackers: dict[str, Tracker] = field(default_factory=dict)
    made: int = 0

    def handle(self, request: Request) -> Reply:
        given = request.headers.get("authorization", "")
        if given != "Basic " + base64.b64encode(f"{self.key}:".encode()).decode():
            return Reply(401, {"error": {"code": "APIKEY.INACTIVE", "message": "This api key is no longer active."}})
        if request.path == "/v2/webhooks":
            return Reply(200, {"webhooks": [{"url": self.webhook, "disabled_at": self.disabled_at}]})
        if request.path == "/v2/trackers" and request.method == "POST":
            return self._create(request.json()["tracker"])
        tracker = self.trackers.get(request.path.removeprefix("/v2/trackers/"))
        if tracker is None:
            return Reply(404, {"error": {"code": "NOT_FOUND", "message": "The requested resource could not be found."}})
        if request.method == "DELETE":
            self.trackers.pop(tracker.id)
            return Reply(200, {})
        return Reply(200, self._shown(tracker))

    def _create(self, asked: dict[str, Any]) -> Reply:
        number, carrier = asked.get("tracking_code", ""), asked.get("carrier")
        if not number.isalnum() or (carrier is not None and carrier not in CARRIERS):
            return _unprocessable("TRACKER.CREATE.ERROR", "Unable to create tracker.")
        if carrier is None and not number.startswith("YT"):
            return _unprocessable("TRACKER.CREATE.ERROR", "Could not determine carrier from tracking code.")
        known = self._of(number)
        if known is None:
            self.made += 1
            known = Tracker(f"trk_{self.made}", number, carrier or "YTO", self.now, self.now)
            self.trackers[known.id] = known
        return Reply(201, self._shown(known))

    def is_registered(self, number: str) -> bool:
        return self._of(number) is not None

    def tell(self, number: str) -> None:
        tracker = self._of(number)
        assert tracker is not None
        tracker.changed_at = self.now
        body = json.dumps(
            {"object": "Event", "description": "tracker.updated", "result": self._shown(tracker)}
        ).encode()
        sign = "hmac-sha256-hex=" + hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()
        self.outbox.append(Pushed(self.webhook, body, {"content-type": "application/json", "x-hmac-signature": sign}))

    def give_up(self, number: str) -> None:
        """Somebody deletes it in the console: EasyPost itself gives nothing up."""
        tracker = self._of(number)
        assert tracker is not None
        self.trackers.pop(tracker.id)

    def _of(self, number: str) -> Tracker | None:
        new = (one for one in self.trackers.values() if self.now - one.created_at < KEPT)
        return next((one for one in new if one.number == number), None)

    def _shown(self, tracker: Tracker) -> dict[str, object]:
        details = [
            {
                "object": "TrackingDetail",
                "message": what,
                "status": "delivered" if what == DELIVERED else "in_transit",
                "status_detail": "arrived_at_destination" if what == DELIVERED else "arrived_at_facility",
                "datetime": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "tracking_location": {"city": "Hangzhou", "state": "Zhejiang", "country": "CN", "zip": "310000"},
            }
            for at, what in self.scans.get(tracker.number, [])
        ]
        return {
            "id": tracker.id,
            "object": "Tracker",
            "tracking_code": tracker.number,
            "carrier": tracker.carrier,
            "status": details[-1]["status"] if details else "unknown",
            "created_at": tracker.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "updated_at": tracker.changed_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "tracking_details": details,
        }


def _unprocessable(code: str, message: str) -> Reply:
    return Reply(422, {"error": {"code": code, "message": message, "errors": []}})
