"""The story may be changed by whoever reads it: a slip is one sentence that names the place."""

import pytest

from contracts.errors import Rejected
from desk.demo.story import DAY, read_story

TEXT = (DAY / "story.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("written", "instead", "says"),
    [
        ("lines: [10 SN-516, 4 GS-204]", "lines: [10 SN-999]", "SO-2601 wants SN-999, which is no product"),
        ("lines: [10 SN-516, 4 GS-204]", "lines: [ten SN-516]", "expected QUANTITY PRODUCT"),
        ("SO-2601, customer: C-1001", "SO-2601, customer: C-9999", "SO-2601 is for C-9999, who is no customer"),
        ("[10 of SO-2601/1,", "[10 of SO-2601/3,", "DN-3601 serves SO-2601/3, which is no line of an order"),
        ("[10 of SO-2601/1,", "[10 SO-2601/1,", "expected QUANTITY of ORDER/LINE"),
        ("parcels: [ZT7600260100018]", "parcels: [XX1]", "DN-3601 names XX1, which is no carrier's number"),
        ('at: "09:50", scans: 4', 'at: "09:50", scans: 9', "ZT7600268900890 is pushed with more scans than it has"),
        ('"07:20 5 苏州市 |', '"7:20 5 苏州市 |', "expected TIME CODE PLACE | WORDS"),
        ("1Z7W26330300002633\n    carrier: UPS", "1Z1\n    carrier: DPD", "1Z1 travels with DPD, which is no carrier"),
        (
            "1Z7W26330300002633\n    carrier: UPS",
            "1Z1\n    carrier: UPS\n    by_hand: true",
            "1Z1 is registered at Kuaidi100, which does not tell of UPS",
        ),
        ("parcel: ZT7600265100510", "parcel: ZT1", "ZT1, which turns up afterwards, is no parcel"),
        ('told: "06:10"', 'told: "6 o\'clock"', "$.orders[0].told"),
        ("day: 2026-03-02", "day: [", "not YAML"),
    ],
)
def test_a_slip_is_told_in_a_sentence(written: str, instead: str, says: str) -> None:
    assert TEXT.count(written) >= 1
    with pytest.raises(Rejected) as refused:
        read_story(TEXT.replace(written, instead, 1))
    assert says in str(refused.value)


def test_times_are_those_of_the_story() -> None:
    story = read_story()
    assert story.at("07:20").isoformat() == "2026-03-02T07:20:00+08:00"
    assert story.at("03-01 22:05").isoformat() == "2026-03-01T22:05:00+08:00"


def test_a_carrier_is_known_by_its_numbers_however_they_are_typed() -> None:
    assert read_story().carrier_of("sf 1602-6860") == "SF Express"
