"""17TRACK as https://asset.17track.net/api/document/v2.2_en/index.html and its help page of error codes tell of it.

At most 3 requests a second and 40 numbers a request. A number that is registered is rejected with -18019901; a stopped
one can be tracked again once (-18019904 where it was not stopped, -18019905 the second time).
"""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tests.fakes.serving import Pushed, Reply, Request
from tests.fakes.tracking import DELIVERED, TrackingCloud

CARRIERS = {190271, 100002}
AT_MOST = 40


@dataclass
class Number:
    """One registered number."""

    carrier: int
    is_tracked: bool = True
    retracked: bool = False


@dataclass
class SeventeenTrack(TrackingCloud):
    """webhook: set in its console. quota: registrations that are left."""

    per_second: ClassVar[int | None] = 3
    webhook: str = "https://quayside.example/in/17track/pushes"
    numbers: dict[str, Number] = field(default_factory=dict)
    quota: int = 100

    def handle(self, request: Request) -> Reply:
        if request.headers.get("17token") != self.key:
            return Reply(401, {"code": -18010002, "data": {}})
        if request.path == "/track/v2.2/getquota":
            return Reply(body={"code": 0, "data": {"quota_total": 100, "quota_remain": self.quota}})
        what, asked = request.path.removeprefix("/track/v2.2/"), request.json()
        if len(asked) > AT_MOST:
            return Reply(body={"code": -18010014, "data": {}})
        accepted, rejected = [], []
        for one in asked:
            told = getattr(self, f"_{what}")(one)
            if isinstance(told, int):
                rejected.append({"number": one["number"], "error": {"code": told, "message": f"rejected: {told}"}})
            else:
                accepted.append(told)
        return Reply(body={"code": 0, "data": {"accepted": accepted, "rejected": rejected}})

    def _register(self, one: dict[str, Any]) -> dict[str, object] | int:
        number, carrier = one["number"], one.get("carrier")
        if not number.isalnum():
            return -18010012
        if number in self.numbers:
            return -18019901
        if carrier is not None and carrier not in CARRIERS:
            return -18019910
        if carrier is None and not number.startswith("YT"):
            return -18019903
        self.numbers[number] = Number(carrier or 190271)
        return {"origin": 1, "number": number, "carrier": self.numbers[number].carrier}

    def _stoptrack(self, one: dict[str, Any]) -> dict[str, object] | int:
        known = self.numbers.get(one["number"])
        if known is None:
            return -18019902
        if not known.is_tracked:
            return -18019906
        known.is_tracked = False
        return {"number": one["number"], "carrier": known.carrier}

    def _retrack(self, one: dict[str, Any]) -> dict[str, object] | int:
        known = self.numbers.get(one["number"])
        if known is None:
            return -18019902
        if known.is_tracked:
            return -18019904
        if known.retracked:
            return -18019905
        known.is_tracked = known.retracked = True
        return {"number": one["number"], "carrier": known.carrier}

    def _gettrackinfo(self, one: dict[str, Any]) -> dict[str, object] | int:
        if one["number"] not in self.numbers:
            return -18019902
        if not self.scans.get(one["number"]):
            return -18019909
        return self._data(one["number"])

    def is_registered(self, number: str) -> bool:
        known = self.numbers.get(number)
        return known is not None and known.is_tracked

    def tell(self, number: str) -> None:
        self._push("TRACKING_UPDATED", self._data(number))

    def give_up(self, number: str) -> None:
        self.numbers[number].is_tracked = False
        self._push("TRACKING_STOPPED", {"number": number, "carrier": self.numbers[number].carrier})

    def _data(self, number: str) -> dict[str, object]:
        events = [
            {
                "time_iso": at.isoformat(timespec="seconds"),
                "time_utc": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "description": what,
                "location": "Hangzhou",
                "sub_status": "Delivered_Other" if what == DELIVERED else "InTransit_Other",
            }
            for at, what in reversed(self.scans[number])
        ]
        status = {"status": str(events[0]["sub_status"]).split("_")[0], "sub_status": events[0]["sub_status"]}
        providers = [{"provider": {"key": 190271, "name": "YTO"}, "latest_sync_time": _iso(self), "events": events}]
        info = {"latest_status": status, "tracking": {"providers": providers}}
        return {"number": number, "carrier": self.numbers[number].carrier, "track_info": info}

    def _push(self, event: str, data: dict[str, object]) -> None:
        body = json.dumps({"event": event, "data": data}).encode()
        sign = hashlib.sha256(body + b"/" + self.key.encode()).hexdigest()
        self.outbox.append(Pushed(self.webhook, body, {"content-type": "application/json", "sign": sign}))


def _iso(cloud: SeventeenTrack) -> str:
    return cloud.now.strftime("%Y-%m-%dT%H:%M:%SZ")
