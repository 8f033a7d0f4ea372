"""Packages and seals, compared between the despatch and the receipt."""

from datetime import datetime

import pytest

from contracts.documents import GoodsIssue, OrderState, Transport
from contracts.model import Contract
from contracts.snapshot import Kind
from tests.streams.receipts import acceptance, line
from tests.streams.way import START, Way, hours, issue, order

SEALED = Transport(seals=("SL 4711", "SL-4712"), container="MSKU 123456-5", vehicle="A 12345")


def sealed(**changed: object) -> GoodsIssue:
    return issue("GI1", {"SO1": 10}, at=hours(1), numbers=("YT1", "YT2")).model_copy(
        update={"transport": SEALED, **changed}
    )


def told(*events: Contract) -> Way:
    way = Way()
    way.tell(order(), START)
    for event in events:
        way.tell(event, hours(33))
    way.hear(hours(34))
    return way


def found(way: Way, kind: Kind) -> dict[str, datetime]:
    return {finding.subject: finding.since for finding in way.findings() if finding.kind is kind}


def details(way: Way, kind: Kind) -> dict[str, str]:
    [finding] = [finding for finding in way.findings() if finding.kind is kind]
    return finding.details


@pytest.mark.parametrize("read", [("SL 4711", "SL 4712"), ("sl-4712", "SL4711"), None])
def test_seals_that_read_the_same_or_that_nobody_read_are_no_matter(read: tuple[str, ...] | None) -> None:
    assert found(told(sealed(), acceptance(line(10), seals=read)), Kind.SEAL_MISMATCH) == {}


@pytest.mark.parametrize("read", [("SL 4711", "SL 4799"), ("SL 4711",), ()])
def test_a_seal_that_is_another_or_gone_is_asked_about(read: tuple[str, ...]) -> None:
    way = told(sealed(), acceptance(line(10), seals=read))
    assert found(way, Kind.SEAL_MISMATCH) == {"GI1": hours(32)}
    told_of = details(way, Kind.SEAL_MISMATCH)
    assert (told_of["put_on"], told_of["read"]) == ("SL 4711, SL-4712", ", ".join(read) or "–")
    assert (told_of["container"], told_of["vehicle"]) == ("MSKU 123456-5", "A 12345")


def test_a_seal_that_is_not_read_yet_is_not_gone_but_a_foreign_one_is_foreign_at_once() -> None:
    assert found(told(sealed(), acceptance(line(5), final=False, seals=("SL 4711",))), Kind.SEAL_MISMATCH) == {}
    foreign = told(sealed(), acceptance(line(5), final=False, seals=("SL 4799",)))
    assert found(foreign, Kind.SEAL_MISMATCH) == {"GI1": hours(32)}


def test_a_load_that_left_without_seals_has_none_to_differ() -> None:
    assert found(told(sealed(transport=None), acceptance(line(10), seals=("SL 1",))), Kind.SEAL_MISMATCH) == {}


@pytest.mark.parametrize(("counted", "is_found"), [(2, False), (1, True), (3, True), (None, False)])
def test_packages_are_counted_at_the_final_receipt(counted: int | None, is_found: bool) -> None:  # noqa: FBT001
    way = told(sealed(), acceptance(line(10), packages=counted))
    assert found(way, Kind.PACKAGE_MISMATCH) == ({"GI1": hours(32)} if is_found else {})
    assert not is_found or details(way, Kind.PACKAGE_MISMATCH)["packages"] == f"{counted} / 2"


def test_packages_of_several_receipts_add_up() -> None:
    first = acceptance(line(5), final=False, packages=1)
    assert found(told(sealed(), first), Kind.PACKAGE_MISMATCH) == {}
    assert found(told(sealed(), first, acceptance(line(5), at=33, name="A2", packages=1)), Kind.PACKAGE_MISMATCH) == {}
    one_too_many = acceptance(line(5), at=33, name="A2", packages=2)
    assert found(told(sealed(), first, one_too_many), Kind.PACKAGE_MISMATCH) == {"GI1": hours(33)}
    uncounted = acceptance(line(5), final=False, name="A3")
    [task] = [
        task for task in told(sealed(), first, uncounted, one_too_many).tasks() if task.kind is Kind.PACKAGE_MISMATCH
    ]
    assert task.details["packages"] == "3 / 2"


def test_packages_that_carry_other_orders_too_are_counted_by_nobody() -> None:
    shared = issue("GI1", {"SO1": 10, "SO2": 4}, at=hours(1), numbers=("YT1", "YT2"))
    assert found(told(shared, acceptance(line(10), packages=1)), Kind.PACKAGE_MISMATCH) == {}


def test_a_second_receipt_is_not_held_against_the_first_despatch() -> None:
    """An acceptance that names no despatch is about what no earlier one has answered."""
    second = issue("GI2", {"SO1": 4}, at=hours(32.5), numbers=("YT3",))
    first_answer = acceptance(line(10), packages=2, seals=("SL 4711", "SL 4712"))
    second_answer = acceptance(line(4), at=33, name="A2", packages=1, seals=())
    way = told(sealed(), second, first_answer, second_answer)
    assert found(way, Kind.PACKAGE_MISMATCH) == {}
    assert found(way, Kind.SEAL_MISMATCH) == {}


def test_nothing_is_compared_of_an_order_that_is_cancelled() -> None:
    read = acceptance(line(10), packages=1, seals=())
    way = told(sealed(), read, order(state=OrderState.CANCELLED, version=hours(30)))
    assert found(way, Kind.SEAL_MISMATCH) | found(way, Kind.PACKAGE_MISMATCH) == {}


def test_a_seal_is_gone_when_no_receipt_up_to_the_last_has_read_it() -> None:
    first = acceptance(line(5), final=False, seals=("SL 4711",))
    last = acceptance(line(5), at=33, name="A2", seals=())
    assert found(told(sealed(), first, last), Kind.SEAL_MISMATCH) == {"GI1": hours(32)}
