"""Which snapshot an operator means."""

from datetime import UTC, datetime

import pytest

from contracts.errors import Rejected
from contracts.snapshot import Snapshot
from desk.acting.choosing import place_of

ONE = Snapshot(account="factory", scope="order", subject="SO1")
OTHER = Snapshot(account="trading", scope="order", subject="SO1")
AFTER = Snapshot(account="factory", scope="after", subject="SO1")


def test_a_number_that_two_accounts_have_is_chosen_by_the_account() -> None:
    with pytest.raises(Rejected, match=r"name one by --account: factory \(order\), trading \(order\)"):
        place_of([ONE, OTHER], "SO1", None)
    assert place_of([ONE, OTHER], "SO1", "trading") is OTHER


def test_what_is_written_after_an_order_is_closed_is_not_the_order() -> None:
    assert place_of([AFTER, ONE], "SO1", None) is ONE


def test_of_a_closed_order_what_is_told_since_is_meant() -> None:
    closed = ONE.model_copy(update={"closed_at": datetime(2026, 3, 2, 8, tzinfo=UTC)})
    assert place_of([closed, AFTER], "SO1", None) is AFTER
    assert place_of([closed], "SO1", None) == AFTER


def test_for_what_needs_an_open_delivery_a_closed_order_is_to_be_reopened_first() -> None:
    closed = ONE.model_copy(update={"closed_at": datetime(2026, 3, 2, 8, tzinfo=UTC)})
    with pytest.raises(
        Rejected, match="SO1 is closed since 2026-03-02 08:00 UTC; `quayside reopen SO1` opens it again"
    ):
        place_of([closed, AFTER], "SO1", None, is_open=True)
