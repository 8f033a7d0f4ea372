"""Keys are readable, unambiguous, and the same for everything that is the same."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Rejected
from contracts.identity import (
    digest,
    document_key,
    key,
    order_key,
    parcel_key,
    parts,
    readable,
    snapshot_key,
    tracking_number,
)

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
some_names = st.lists(names, min_size=1, max_size=4).map(tuple)


@given(some_names)
def test_a_key_is_read_back_as_it_was_written(written: tuple[str, ...]) -> None:
    assert parts(key(*written)) == written


@given(some_names, some_names)
def test_two_different_things_have_two_different_keys(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert (key(*one) == key(*other)) == (one == other)


@given(some_names)
def test_a_key_is_json_in_utf_8_for_every_tool(written: tuple[str, ...]) -> None:
    assert json.loads(key(*written).decode()) == list(written)


def test_all_keys_but_a_parcels_start_with_the_account() -> None:
    assert order_key("works", "S-1") == b'["works","S-1"]'
    assert document_key("works", "goods_issue", "CUS-7") == b'["works","goods_issue","CUS-7"]'
    assert snapshot_key("works", "order", "S-1") == b'["works","order","S-1"]'
    assert parcel_key("sf 123") == b"SF123"


def test_an_empty_part_is_refused() -> None:
    with pytest.raises(Rejected) as raised:
        order_key("works", "")
    assert raised.value.code == "empty_key"


@pytest.mark.parametrize("raw", [b"", b"S-1", b"{}", b'["a",1]', b"\xff", b"[" * 100_000])
def test_what_is_no_key_is_refused_and_crashes_nothing(raw: bytes) -> None:
    with pytest.raises(Rejected) as raised:
        parts(raw)
    assert raised.value.code == "bad_key"


@pytest.mark.parametrize(
    "written",
    [
        "SF1234567890123",
        "sf1234567890123",
        "SF 1234-5678-90123",
        "ＳＦ１２３４５６７８９０１２３",  # full width, as Chinese input methods write
        "SF\u00a01234567890123",  # no-break space
        "SF1234\u20105678\u201190123",  # hyphens of typesetting
        "SF1234\u22125678\u201390123",  # a minus sign and a dash
        "\ufeffSF1234567890123\u200b",  # what is copied from a web page and not seen
        "SF1234\u00ad567890123",  # soft hyphen
        "SF1234567890123\r\n",
    ],
)
def test_one_tracking_number_is_one_however_it_is_written(written: str) -> None:
    assert tracking_number(written) == "SF1234567890123"


@given(st.text())
def test_a_normal_tracking_number_is_normal(written: str) -> None:
    normal = tracking_number(written)
    assert tracking_number(normal) == normal
    assert unicodedata.is_normalized("NFKC", normal)


@given(st.text(st.characters(categories=["L", "N"], max_codepoint=127), min_size=1))
def test_numbers_that_differ_in_a_letter_or_digit_stay_apart(written: str) -> None:
    assert tracking_number(written) == written.upper()


@pytest.mark.parametrize("nothing", ["", " ", "--", "\u200b"])
def test_a_number_of_which_nothing_is_left_is_refused(nothing: str) -> None:
    with pytest.raises(Rejected) as raised:
        parcel_key(nothing)
    assert raised.value.code == "bad_tracking_number"


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]))),
    st.lists(st.text(st.characters(exclude_categories=["Cs"]))),
)
def test_a_digest_tells_apart_what_is_split_differently(one: list[str], other: list[str]) -> None:
    assert (digest(*one) == digest(*other)) == (one == other)


def test_a_digest_never_changes_from_one_version_to_the_next() -> None:
    assert digest("works", b"S-1", size=8) == digest(b"works", "S-1", size=8) == "8b3d3bfd0905ab96"


def test_a_key_is_written_for_people_with_slashes() -> None:
    assert readable(order_key("factory", "SO-1001")) == "factory/SO-1001"
    assert readable(parcel_key("yt 400")) == "YT400"
