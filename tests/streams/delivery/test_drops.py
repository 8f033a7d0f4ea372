"""Dropped lines: the last word of the stage that tells of them counts, and what is served under another name is not."""

from itertools import permutations

import pytest

from contracts.exchange import DroppedLine, LinesDropped
from contracts.policy import Policy
from streams.delivery.drops import Dropped, DropsFact, with_drops
from streams.delivery.lines import fold_lines
from tests.streams.way import ERP, hours, issue, order


def told(*since: float) -> LinesDropped:
    lines = tuple(DroppedLine(order_line="1", product="BRG-6204", since=hours(at)) for at in since)
    return LinesDropped(account=ERP, order="SO1", kind="goods_issue", document="GI2", lines=lines)


@pytest.mark.parametrize("arrival", list(permutations(range(3))))
def test_the_word_with_the_highest_stamp_counts_in_whatever_order_they_come(arrival: tuple[int, ...]) -> None:
    words = [(told(10), (1, 7, hours(10))), (told(), (1, 8, hours(11))), (told(20), (1, 8, hours(20)))]
    known: dict[str, DropsFact] = {}
    for place in arrival:
        known = with_drops(known, *words[place])
    assert known["goods_issue/GI2"].lines == (Dropped("1", "BRG-6204", hours(20)),)


def test_a_word_that_comes_again_changes_nothing() -> None:
    known = with_drops({}, told(10), (1, 7, hours(10)))
    assert with_drops(known, told(10), (1, 7, hours(10))) == known


@pytest.mark.parametrize(
    ("document", "dropped", "closed_at"),
    [
        ("GI1", Dropped("", "BRG-6204", hours(20)), hours(2)),
        ("GI2", Dropped("", "BRG-6204", hours(20)), hours(20)),
        ("GI2", Dropped("1", "BRG-6204", hours(20)), hours(20)),
        ("GI2", Dropped("9", "BRG-6204", hours(20)), hours(2)),
    ],
    ids=["still served, by its line now", "by product", "by line", "another line"],
)
def test_a_line_is_closed_when_the_last_document_let_go_of_it(
    document: str, dropped: Dropped, closed_at: object
) -> None:
    [line] = fold_lines(order(), [issue("GI1", {"SO1": 8}, at=hours(2))], {}, {document: [dropped]}, (), Policy())
    assert line.closed_at == closed_at
