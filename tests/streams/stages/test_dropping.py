"""What a document no longer names is not named since a time, and that time does not move with each later version."""

from datetime import datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.documents import GoodsIssue, IssueState, Order, OrderLine, Product
from contracts.snapshot import Kind
from contracts.topics import DELIVERIES
from contracts.tracking import TrackingStatus
from streams.stages.naming import KEPT_EDITIONS, Edition, Naming
from tests.streams.way import START, Way, hours, issue, order, report

GRACE = 0.5
"""Hours that a short line is given."""


def back_order(at: float, *orders: str, numbers: tuple[str, ...] = ()) -> GoodsIssue:
    """A version of a planned goods issue that names these orders."""
    return issue("GI2", dict.fromkeys(orders, 2), numbers=numbers, state=IssueState.PLANNED, version=hours(at))


def short_of_two(way: Way) -> None:
    """Eight of ten have left, and a back-order is open."""
    way.tell(order(), START)
    way.tell(issue("GI1", {"SO1": 8}), hours(1))
    way.tell(back_order(1, "SO1", "SO2"), hours(1))


def found(way: Way, kind: Kind) -> dict[str, datetime]:
    return {finding.subject: finding.since for finding in way.findings() if finding.kind is kind}


def test_later_versions_of_the_document_that_dropped_it_do_not_clear_what_is_short() -> None:
    way = Way()
    short_of_two(way)
    way.tell(back_order(20, "SO2"), hours(20))
    way.hear(hours(21))
    opened = {"SO1/1": hours(20 + GRACE)}
    assert found(way, Kind.UNDER_DESPATCHED) == opened
    for version in (22, 23):
        way.tell(back_order(version, "SO2", "SO3", numbers=(f"YT{version}",)), hours(version))
        way.hear(hours(version) + (hours(GRACE) - START) / 2)
        assert found(way, Kind.UNDER_DESPATCHED) == opened


def test_a_line_that_is_named_again_is_to_come_again_and_dropped_anew_is_given_its_grace_anew() -> None:
    way = Way()
    short_of_two(way)
    for version, names in ((20, ["SO2"]), (22, ["SO1", "SO2"]), (24, ["SO2"])):
        way.tell(back_order(version, *names), hours(version))
    way.hear(hours(24 + GRACE) - (hours(GRACE) - START) / 10)
    assert found(way, Kind.UNDER_DESPATCHED) == {}
    way.hear(hours(24 + GRACE))
    assert found(way, Kind.UNDER_DESPATCHED) == {"SO1/1": hours(24 + GRACE)}


@pytest.mark.parametrize("arrival", list(permutations(range(4))))
def test_in_whatever_order_the_versions_arrive_it_is_short_since_the_first_that_dropped_it(
    arrival: tuple[int, ...],
) -> None:
    versions = [back_order(1, "SO1"), back_order(10, "SO1", "SO2"), back_order(20, "SO2"), back_order(30, "SO2", "SO3")]
    way = Way()
    way.tell(order(), START)
    way.tell(issue("GI1", {"SO1": 8}), hours(1))
    for place in arrival:
        way.tell(versions[place], hours(31))
    way.hear(hours(40))
    assert found(way, Kind.UNDER_DESPATCHED) == {"SO1/1": hours(20 + GRACE)}


def two_lines() -> Order:
    [line] = order().lines
    other = line.model_copy(update={"line": "2", "product": Product(code="BRG-6205")})
    return order().model_copy(update={"lines": (line, OrderLine.model_validate(other))})


def serving(told: GoodsIssue, *order_lines: str) -> GoodsIssue:
    """The goods issue with its one line for each of these lines of the order."""
    [line] = told.lines
    lines = tuple(line.model_copy(update={"line": name, "order_line": name}) for name in order_lines)
    return told.model_copy(update={"lines": lines})


def test_a_line_dropped_from_a_document_that_still_serves_another_is_short_since_then() -> None:
    way = Way()
    way.tell(two_lines(), START)
    way.tell(serving(issue("GI1", {"SO1": 8}), "1", "2"), hours(1))
    way.tell(serving(back_order(1, "SO1"), "1", "2"), hours(1))
    way.tell(serving(back_order(20, "SO1"), "2"), hours(20))
    way.hear(hours(20 + GRACE) - (hours(GRACE) - START) / 10)
    assert found(way, Kind.UNDER_DESPATCHED) == {}
    way.hear(hours(20 + GRACE))
    assert found(way, Kind.UNDER_DESPATCHED) == {"SO1/1": hours(20 + GRACE)}


def test_a_document_that_drops_one_line_leaves_what_another_lacks_open() -> None:
    way = Way()
    way.tell(two_lines(), START)
    way.tell(serving(issue("GI1", {"SO1": 8}), "1", "2"), hours(1))
    way.tell(serving(back_order(1, "SO1"), "2"), hours(1))
    way.hear(hours(10))
    assert found(way, Kind.UNDER_DESPATCHED) == {"SO1/1": START + (hours(GRACE) - START)}
    way.tell(issue("GI2", {"SO1": 2}, withdrawn=True, version=hours(20)), hours(20))
    way.hear(hours(20.1))
    assert found(way, Kind.UNDER_DESPATCHED) == {"SO1/1": hours(GRACE)}
    way.hear(hours(20 + GRACE))
    assert found(way, Kind.UNDER_DESPATCHED) == {"SO1/1": hours(GRACE), "SO1/2": hours(20 + GRACE)}


@pytest.mark.parametrize("arrival", list(permutations(range(3))))
def test_a_parcel_that_a_document_let_go_waits_for_another_since_then_whatever_follows(
    arrival: tuple[int, ...],
) -> None:
    versions = [
        back_order(1, "SO1", numbers=("YT9",)),
        back_order(20, "SO1", numbers=("YT8",)),
        back_order(30, "SO1", numbers=("YT7",)),
    ]
    way = Way()
    way.tell(report("YT9", (hours(2), TrackingStatus.PICKED_UP)), hours(3))
    for place in arrival:
        way.tell(versions[place], hours(31))
    way.hear(hours(20 + 24))
    assert found(way, Kind.ORPHAN_TRACKING) == {"YT9": hours(20 + 24)}


def test_a_document_that_is_read_afresh_tells_again_what_it_dropped() -> None:
    """A delivery that was opened again has forgotten it."""
    way = Way()
    short_of_two(way)
    way.tell(back_order(20, "SO2"), hours(20))
    way.tell(back_order(30, "SO2").model_copy(update={"afresh": True}), hours(30))
    way.hear(hours(31))
    types = [dict(record.headers).get("ce_type") for record in way.replay.written(DELIVERIES)]
    assert types.count(b"quayside.document.dropped.v1") == 2


EDITIONS = st.tuples(st.integers(0, 5).map(hours), st.sampled_from(["a", "b"]))
HISTORIES = st.dictionaries(EDITIONS, st.sets(st.sampled_from([("x",), ("y",), ("z",)])), min_size=1)


@given(history=HISTORIES, data=st.data())
def test_since_when_something_is_not_named_follows_from_the_editions_alone(
    history: dict[Edition, set[tuple[str, ...]]], data: st.DataObject
) -> None:
    naming = Naming()
    for edition in data.draw(st.permutations([*history, *history])):
        naming = naming.with_edition(edition, history[edition])
    expected = {}
    for name in set().union(*history.values()):
        last = max(edition for edition, names in history.items() if name in names)
        after = [edition for edition in history if edition > last]
        if after:
            expected[name] = min(after)[0]
    assert naming.dropped() == expected


def test_what_is_remembered_of_a_document_of_very_many_versions_is_bounded_and_its_answer_stays() -> None:
    naming = Naming().with_edition((hours(0), ""), [("once",)])
    for version in range(1, 500):
        naming = naming.with_edition((hours(version), ""), [("always",)])
    assert naming.dropped() == {("once",): hours(1)}
    assert len(naming.editions) <= KEPT_EDITIONS + 1
