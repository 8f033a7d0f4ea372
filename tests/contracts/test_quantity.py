"""Quantities carry their unit everywhere, and never mix two."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Rejected
from contracts.model import read
from contracts.quantity import Quantity, nothing, total

values = st.decimals(min_value=0, max_value=10**14, places=9, allow_nan=False)
pieces = st.builds(Quantity, value=values, unit=st.just("C62"))


@given(pieces, pieces)
def test_what_was_added_can_be_taken_away_exactly(one: Quantity, other: Quantity) -> None:
    assert (one + other).less(other) == one


@given(pieces, pieces)
def test_a_shortfall_is_never_negative_and_never_on_both_sides(one: Quantity, other: Quantity) -> None:
    short, over = one.less(other), other.less(one)
    assert min(short.value, over.value) == 0
    assert short.value + over.value == abs(one.value - other.value)


@given(st.lists(pieces))
def test_a_total_does_not_depend_on_the_order(quantities: list[Quantity]) -> None:
    assert total(quantities, "C62") == total(quantities[::-1], "C62")


@pytest.mark.parametrize("reckon", [Quantity.__add__, Quantity.less])
def test_different_units_are_refused_by_name(reckon: object) -> None:
    assert callable(reckon)
    with pytest.raises(Rejected, match="MTR cannot be reckoned with KGM") as raised:
        reckon(nothing("KGM"), nothing("MTR"))
    assert raised.value.code == "mixed_units"


def test_a_total_of_nothing_still_has_its_unit() -> None:
    assert total([], "KGM") == nothing("KGM")


def test_a_total_refuses_a_unit_that_is_not_its_own() -> None:
    with pytest.raises(Rejected):
        total([nothing("MTR")], "KGM")


@pytest.mark.parametrize(
    ("value", "shown"), [("10.500", "10.5 KGM"), ("100", "100 KGM"), ("0", "0 KGM"), ("1E+3", "1000 KGM")]
)
def test_a_quantity_reads_as_people_write_it(value: str, shown: str) -> None:
    assert str(Quantity(value=Decimal(value), unit="KGM")) == shown


@pytest.mark.parametrize(
    "json",
    [
        b'{"value": -1, "unit": "C62"}',
        b'{"value": NaN, "unit": "C62"}',
        b'{"value": "Infinity", "unit": "C62"}',
        b'{"value": 1, "unit": "pieces"}',
        b'{"value": 1}',
        b'{"value": 0.0000000001, "unit": "KGM"}',
    ],
)
def test_what_is_no_quantity_is_refused(json: bytes) -> None:
    with pytest.raises(Rejected):
        read(Quantity, json)


def test_a_number_in_json_is_taken_as_it_is_written() -> None:
    assert read(Quantity, b'{"value": 0.1, "unit": "KGM"}').value == Decimal("0.1")


def test_a_sum_that_no_quantity_can_hold_is_refused() -> None:
    most = Quantity(value=Decimal("9" * 15), unit="C62")
    with pytest.raises(Rejected):
        total([most] * 1001, "C62")
