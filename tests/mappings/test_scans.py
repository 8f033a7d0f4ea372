"""From codes and scans as vendors tell them to one parcel's scans."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.errors import Rejected
from contracts.moment import Moment
from contracts.tracking import Coverage, TrackingStatus
from mappings.meaning import Meaning
from mappings.payload import Payload, Text, parcel_number, read_payload
from mappings.scans import UNKNOWN, Told, judge, scans_of

CODES = {
    "moving": Meaning("", TrackingStatus.IN_TRANSIT),
    "note": Meaning("", TrackingStatus.UNKNOWN),
    "back": Meaning("", TrackingStatus.RETURNING, returning=True),
    "there": Meaning("", TrackingStatus.DELIVERED),
}
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def told(code: str, hours: int = 0) -> Told:
    return Told(Moment(at=NOON + timedelta(hours=hours)), code, CODES[code])


@pytest.mark.parametrize(
    ("codes", "meaning", "unlisted"),
    [
        (["moving", "there"], CODES["moving"], set()),
        (["new", "there"], CODES["there"], {"new"}),
        (["", "there"], CODES["there"], set()),
        (["note", "there"], CODES["there"], set()),
        (["note"], UNKNOWN, set()),
        (["new", "newer"], UNKNOWN, {"new"}),
        ([], UNKNOWN, set()),
    ],
)
def test_the_detailed_code_counts_before_the_coarser_and_an_unlisted_one_is_told(
    codes: list[str], meaning: Meaning, unlisted: set[str]
) -> None:
    unknown: set[str] = set()
    assert judge(codes, CODES, unknown) == meaning
    assert unknown == unlisted


def test_in_a_snapshot_what_is_delivered_after_it_turned_back_is_returned() -> None:
    scans = scans_of([told("there", 2), told("back", 1), told("moving")], Coverage.SNAPSHOT)
    assert [(scan.status, scan.returning) for scan in scans] == [
        (TrackingStatus.IN_TRANSIT, False),
        (TrackingStatus.RETURNING, True),
        (TrackingStatus.RETURNED, True),
    ]
    assert [scan.position for scan in scans] == [0, 1, 2]


def test_in_an_increment_a_scan_is_the_same_whatever_it_comes_with() -> None:
    (alone,) = scans_of([told("there", 2)], Coverage.INCREMENT)
    *_, beside = scans_of([told("back", 1), told("there", 2)], Coverage.INCREMENT)
    assert (alone.id, alone.status, alone.returning) == (beside.id, beside.status, beside.returning)


def test_a_scan_told_twice_is_one() -> None:
    assert len(scans_of([told("moving"), told("moving")], Coverage.SNAPSHOT)) == 1


class _Row(Payload):
    text: Text = ""
    needed: str


def test_text_may_be_a_number_or_nothing() -> None:
    assert read_payload(_Row, {"text": 50, "needed": "x"}).text == "50"
    assert read_payload(_Row, {"text": None, "needed": "x"}).text == ""


@pytest.mark.parametrize(("payload", "path"), [({}, "$.needed"), ([], "$"), ({"needed": None}, "$.needed")])
def test_what_is_wrong_is_told_with_its_path(payload: object, path: str) -> None:
    with pytest.raises(Rejected) as found:
        read_payload(_Row, payload)
    assert found.value.path == path


def test_a_number_of_which_nothing_is_left_is_none() -> None:
    assert parcel_number(" sf-1 ", "$.n") == "SF1"
    with pytest.raises(Rejected) as found:
        parcel_number(" - ", "$.n")
    assert found.value.path == "$.n"
