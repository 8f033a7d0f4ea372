"""UPS Track Alert: subscribing to packages, and the history of the Track API as the events of Track Alert.

Sources: https://github.com/UPS-API/api-documentation, UPSTrackAlert.yaml (schemas TrackSubsServiceRequest,
TrackSubsServiceResponse, TrackingEventRequest) and Tracking.yaml (schema Activity). The Track API writes a time before
noon without its leading zero; Track Alert's have six digits.
"""

import json
from collections.abc import Iterable, Mapping
from uuid import uuid4

from pydantic import Field

from contracts.errors import Rejected
from mappings.payload import Payload, Text, read_payload
from mappings.trackers.options import TrackerOptions
from mappings.trackers.registration import Parcel

_DIGITS = 6


class UpsOptions(TrackerOptions):
    """The options of a `ups` tracker. client_id: of the application; its secret is the account's."""

    client_id: str = Field(min_length=1)


class _Address(Payload):
    city: Text = ""
    state: Text = Field(default="", alias="stateProvince")
    postal_code: Text = Field(default="", alias="postalCode")
    country: Text = Field(default="", alias="countryCode")


class _Location(Payload):
    address: _Address = _Address()


class _Status(Payload):
    type: Text = ""
    code: Text = ""
    description: Text = ""
    status_code: Text = Field(default="", alias="statusCode")


class _Activity(Payload):
    date: Text = ""
    time: Text = ""
    gmt_date: Text = Field(default="", alias="gmtDate")
    gmt_time: Text = Field(default="", alias="gmtTime")
    gmt_offset: Text = Field(default="", alias="gmtOffset")
    location: _Location = _Location()
    status: _Status = _Status()


class _Package(Payload):
    number: Text = Field(default="", alias="trackingNumber")
    activity: tuple[_Activity, ...] = ()


class _Shipment(Payload):
    package: tuple[_Package, ...] = ()


class _Response(Payload):
    shipment: tuple[_Shipment, ...] = ()


class _Answer(Payload):
    response: _Response = Field(default=_Response(), alias="trackResponse")


def subscription(parcel: Parcel, callback: str, credential: str) -> bytes:
    """Write a subscription for 14 days. credential: what each event carries in a header of that name."""
    destination = {"url": callback, "credentialType": "Bearer", "credential": credential}
    numbers = {"trackingNumberList": [parcel.number]}
    return json.dumps({"locale": "en_US", "countryCode": "US", **numbers, "destination": destination}).encode()


def transaction() -> dict[str, str]:
    """Give the headers that every request carries."""
    return {"transId": uuid4().hex, "transactionSrc": "quayside"}


def refuse_invalid(answer: Mapping[str, object], number: str, title: str) -> None:
    """Raise Rejected where the subscription was refused: as a whole, or for this number."""
    response = answer.get("response")
    errors = response.get("errors") if isinstance(response, Mapping) else None
    if isinstance(errors, list) and errors:
        told = errors[0] if isinstance(errors[0], Mapping) else {}
        raise Rejected(f"{title} answered {told.get('code')}: {told.get('message')}", code=str(told.get("code")))
    valid = answer.get("validTrackingNumbers")
    if not isinstance(valid, list) or number not in valid:
        raise Rejected(f"{title} takes no subscription to {number}: it is no valid 1Z number", code="invalid_number")


def pushes(answer: Mapping[str, object]) -> tuple[bytes, ...]:
    """Write each activity as the event that would have told it, oldest first."""
    shipments = read_payload(_Answer, answer).response.shipment
    events = [event for shipment in shipments for package in shipment.package for event in _events(package)]
    return tuple(json.dumps(event, ensure_ascii=False).encode() for event in reversed(events))


def _events(package: _Package) -> Iterable[dict[str, object]]:
    for one in package.activity:
        place, status = one.location.address, one.status
        yield {
            "trackingNumber": package.number,
            "localActivityDate": one.date,
            "localActivityTime": _time(one.time),
            "gmtActivityDate": one.gmt_date,
            "gmtActivityTime": _time(one.gmt_time),
            "gmtOffset": one.gmt_offset,
            "activityLocation": {
                "city": place.city,
                "stateProvince": place.state,
                "postalCode": place.postal_code,
                "country": place.country,
            },
            "activityStatus": {
                "type": status.type,
                "code": status.code,
                "description": status.description,
                "descriptionCode": status.status_code,
            },
        }


def _time(text: str) -> str:
    digits = text.replace(":", "")
    return digits.zfill(_DIGITS) if digits else ""
