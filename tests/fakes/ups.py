"""UPS Track Alert and the Track API as UPSTrackAlert.yaml and Tracking.yaml of UPS-API/api-documentation tell of them.

A subscription lasts 14 days and keeps no history; subscribing again renews it. A number that is no 1Z number is listed
among the invalid ones; a request without its headers, or without a destination, is answered 400 with its code. Access
tokens end, and a wrong one is answered 401.
"""

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.fakes.serving import Pushed, Reply, Request
from tests.fakes.tracking import DELIVERED, TrackingCloud

LASTS = timedelta(days=14)
PLACE = {"city": "Charlotte", "stateProvince": "NC", "postalCode": ""}
NUMBER_LENGTH = 18


@dataclass
class Ups(TrackingCloud):
    """subscriptions: until when, to which address, with what credential; tokens: until when each is good."""

    client_id: str = "app"
    subscriptions: dict[str, tuple[datetime, str, str]] = field(default_factory=dict)
    tokens: dict[str, datetime] = field(default_factory=dict)

    def handle(self, request: Request) -> Reply:
        if request.path == "/security/v1/oauth/token":
            return self._token(request)
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.tokens.get(token, self.now) <= self.now:
            return Reply(401, {"response": {"errors": [{"code": "250002", "message": "Invalid token"}]}})
        for name, code in (("transid", "VSS002"), ("transactionsrc", "VSS004")):
            if not request.headers.get(name):
                return _refused(400, code, f"Missing {name}")
        if request.path == "/api/track/v1/subscription/standard/package":
            return self._subscribe(request)
        return self._details(request.path.removeprefix("/api/track/v1/details/"))

    def _token(self, request: Request) -> Reply:
        basic = base64.b64encode(f"{self.client_id}:{self.key}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {basic}" or request.form() != {
            "grant_type": "client_credentials"
        }:
            return Reply(401, {"response": {"errors": [{"code": "10401", "message": "ClientId is Invalid"}]}})
        token = f"token-{len(self.tokens)}"
        self.tokens[token] = self.now + timedelta(hours=4)
        return Reply(body={"token_type": "Bearer", "access_token": token, "expires_in": "14399"})

    def _subscribe(self, request: Request) -> Reply:
        asked = request.json()
        numbers, destination = asked.get("trackingNumberList"), asked.get("destination") or {}
        if not numbers:
            return _refused(400, "VSS200", "Tracking Number List is required.")
        if not destination.get("url"):
            return _refused(400, "VSS600", "URL is empty or not present.")
        if not destination.get("credential"):
            return _refused(400, "VSS700", "Credential is empty or not present.")
        valid = [number for number in numbers if number.startswith("1Z") and len(number) == NUMBER_LENGTH]
        if not valid:
            return _refused(400, "VSS210", "The Subscription request should have at least one valid tracking number.")
        for number in valid:
            self.subscriptions[number] = (self.now + LASTS, destination["url"], destination["credential"])
        invalid = [number for number in numbers if number not in valid]
        return Reply(body={"validTrackingNumbers": valid, "invalidTrackingNumbers": invalid})

    def _details(self, number: str) -> Reply:
        if not self.scans.get(number):
            return Reply(
                404, {"response": {"errors": [{"code": "TV1002", "message": "Tracking Information Not Found"}]}}
            )
        activity = [self._activity(at, what) for at, what in reversed(self.scans[number])]
        package = {"trackingNumber": number, "activity": activity}
        return Reply(body={"trackResponse": {"shipment": [{"inquiryNumber": number, "package": [package]}]}})

    def is_registered(self, number: str) -> bool:
        return number in self.subscriptions and self.subscriptions[number][0] > self.now

    def tell(self, number: str) -> None:
        """Push the newest event alone."""
        at, what = self.scans[number][-1]
        _, url, credential = self.subscriptions[number]
        local, gmt = _local(at), at
        event = {
            "trackingNumber": number,
            "localActivityDate": f"{local:%Y%m%d}",
            "localActivityTime": f"{local:%H%M%S}",
            "gmtActivityDate": f"{gmt:%Y%m%d}",
            "gmtActivityTime": f"{gmt:%H%M%S}",
            "gmtOffset": f"{local:%z}",
            "activityLocation": {**PLACE, "country": "US"},
            "activityStatus": _status(what, "descriptionCode"),
        }
        headers = {"content-type": "application/json", "credential": credential}
        self.outbox.append(Pushed(url, json.dumps(event).encode(), headers))

    def give_up(self, number: str) -> None:
        """End a subscription as its 14 days do."""
        self.subscriptions.pop(number)

    def _activity(self, at: datetime, what: str) -> dict[str, object]:
        local = _local(at)
        return {
            "date": f"{local:%Y%m%d}",
            "time": f"{local:%H%M%S}",
            "gmtDate": f"{at:%Y%m%d}",
            "gmtTime": f"{at:%H%M%S}".lstrip("0"),
            "gmtOffset": f"{local:%z}"[:3] + ":00",
            "location": {"address": {**PLACE, "countryCode": "US"}},
            "status": _status(what, "statusCode"),
        }


def _local(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo("America/New_York"))


def _status(what: str, code: str) -> dict[str, str]:
    if what == DELIVERED:
        return {"type": "D", "code": "FS", "description": "Delivered", code: "011"}
    return {"type": "I", "code": "DP", "description": "On the Way", code: "005"}


def _refused(status: int, code: str, message: str) -> Reply:
    return Reply(status, {"response": {"errors": [{"code": code, "message": message}]}})
