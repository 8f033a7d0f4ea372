"""What Kuaidi100's pushes mean, beyond the recorded ones."""

from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.connector import Context, Mapped
from contracts.errors import Rejected
from contracts.moment import ZoneSource
from contracts.tracking import Owner, Reason, Scan, Subscription, Tracking, TrackingStatus
from mappings.carriers.kuaidi100 import to_events
from mappings.carriers.kuaidi100_codes import CODE_OF_NAME, CODES
from tests.connectors.conformance.declaration import read_codes
from tests.connectors.conformance.samples import folder_of

RECEIVED = datetime(2026, 3, 10, tzinfo=UTC)


def scan(at: str = "2026-03-02 09:00:00", code: str = "", **fields: object) -> dict[str, object]:
    return {"ftime": at, "context": "…", "statusCode": code, **fields}


def push(*rows: dict[str, object], state: str = "", **fields: object) -> dict[str, Any]:
    return {"status": "polling", "lastResult": {"nu": "YT1", "com": "yuantong", "state": state, "data": rows}, **fields}


def mapped(payload: object, zone: str | None = None) -> Mapped:
    return to_events(payload, Context("kuaidi100", "shop", RECEIVED, zone))


def tracking(payload: object, zone: str | None = None) -> Tracking:
    (event,) = mapped(payload, zone).events
    assert isinstance(event, Tracking)
    return event


def newest(payload: object) -> Scan:
    return tracking(payload).scans[-1]


def test_a_detailed_code_counts_before_the_parcel_s_state() -> None:
    assert newest(push(scan(code="501"), state="3")).status is TrackingStatus.AVAILABLE_FOR_PICKUP


def test_the_state_counts_for_the_newest_scan_alone() -> None:
    payload = push(scan("2026-03-03 09:00:00"), scan("2026-03-02 09:00:00"), state="3")
    assert [one.status for one in tracking(payload).scans] == [TrackingStatus.UNKNOWN, TrackingStatus.DELIVERED]


def test_signed_for_with_a_state_that_says_returned_is_returned() -> None:
    found = newest(push(scan(code="301"), state="4"))
    assert (found.status, found.returning) == (TrackingStatus.RETURNED, True)


def test_signed_for_in_the_second_of_the_return_is_returned_in_whatever_order_they_are_told() -> None:
    back, signed = scan(code="6"), scan(code="3")
    for rows in ((back, signed), (signed, back)):
        statuses = {one.raw_code: one.status for one in tracking(push(*rows)).scans}
        assert statuses == {"6": TrackingStatus.RETURNING, "3": TrackingStatus.RETURNED}


def test_signed_for_before_a_return_stays_delivered() -> None:
    payload = push(scan("2026-03-05 09:00:00", "6"), scan("2026-03-02 09:00:00", "3"))
    assert [one.status for one in tracking(payload).scans] == [TrackingStatus.DELIVERED, TrackingStatus.RETURNING]


def test_customs_released_is_in_transit() -> None:
    assert newest(push(scan(code="12"))).status is TrackingStatus.IN_TRANSIT


def test_an_exception_says_why_and_in_whose_hands_it_lies() -> None:
    for code, meaning in CODES.items():
        is_exception = meaning.status is TrackingStatus.EXCEPTION
        assert (meaning.reason is not None and meaning.owner is not None) or not is_exception, code
    found = newest(push(scan(code="206")))
    assert (found.reason, found.owner, found.action_required) == (
        Reason.RECIPIENT_UNREACHABLE,
        Owner.RECIPIENT,
        True,
    )


def test_every_name_of_the_vendor_s_table_is_its_one_code() -> None:
    assert {row["name"]: row["code"] for row in read_codes(folder_of("kuaidi100"))} == CODE_OF_NAME


def test_a_code_that_came_as_a_number_is_the_same_code() -> None:
    row = {**scan(), "statusCode": 501}
    assert newest(push(row)).status is TrackingStatus.AVAILABLE_FOR_PICKUP


@pytest.mark.parametrize(
    ("status", "subscription"),
    [
        ("polling", Subscription.ACTIVE),
        ("updateall", Subscription.ACTIVE),
        ("shutdown", Subscription.COMPLETED),
        ("abort", Subscription.ABORTED),
    ],
)
def test_the_monitoring_s_status_is_the_subscription_s(status: str, subscription: Subscription) -> None:
    found = tracking(push(status=status, message="60天无变化"))
    assert (found.subscription, found.subscription_text) == (subscription, "60天无变化")


def test_an_abort_that_corrects_the_carrier_goes_on_by_itself() -> None:
    found = tracking(push(status="abort", autoCheck="0", comOld="", comNew="ems"))
    assert (found.subscription, found.carrier) == (Subscription.ACTIVE, "ems")


def test_a_monitoring_status_that_no_page_lists_is_told() -> None:
    assert mapped(push(status="paused")).unknown_codes == ("status=paused",)


def test_a_state_that_no_page_lists_is_told_even_beside_a_listed_code() -> None:
    assert mapped(push(scan(code="3"), state="99")).unknown_codes == ("99",)


def test_times_are_china_s_and_say_that_the_documentation_told_so() -> None:
    occurred = newest(push(scan("2026-03-02 07:59:59"))).occurred
    assert occurred.at == datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)
    assert occurred.zone_source is ZoneSource.DOCUMENTATION


def test_a_destination_s_times_are_in_the_account_s_zone_where_it_names_one() -> None:
    abroad = {"nu": "YT1", "data": [scan("2026-03-02 09:00:00")]}
    occurred = tracking(push(destResult=abroad), zone="Asia/Tokyo").scans[0].occurred
    assert (occurred.at, occurred.zone_source) == (datetime(2026, 3, 2, tzinfo=UTC), ZoneSource.ACCOUNT)


@pytest.mark.parametrize(
    ("payload", "path"),
    [
        ([], "$"),
        ({}, "$.status"),
        ({"status": "polling"}, "$.lastResult"),
        ({"status": "polling", "lastResult": {}}, "$.lastResult.nu"),
        ({"status": "polling", "lastResult": {"nu": " - "}}, "$.lastResult.nu"),
        (push({"ftime": "2026-02-30 09:00:00"}), "$.lastResult.data[0].ftime"),
        (push(scan(), {"context": "…"}), "$.lastResult.data[1].ftime"),
        (push({"ftime": "0001-01-01 00:00:00"}), "$.lastResult.data[0].ftime"),
        (push({"ftime": "2026-03-02T09:00:00Z"}), "$.lastResult.data[0].ftime"),
        (push({"ftime": "2026-03-02 09:00:00", "context": []}), "$.lastResult.data[0].context"),
        (push(destResult={"data": [scan(""), {}]}), "$.destResult.data[0].ftime"),
    ],
)
def test_what_is_wrong_is_told_with_its_path(payload: object, path: str) -> None:
    with pytest.raises(Rejected) as told:
        mapped(payload)
    assert told.value.path == path
