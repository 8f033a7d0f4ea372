"""The two tables at the day's end say of each order and each task what people look for, cell by cell."""

from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest
from rich.console import Console
from rich.table import Table

from contracts.moment import Window
from contracts.snapshot import DeliveryStatus, Finding, Kind, Severity, Snapshot, SubjectType, View
from desk.demo.tables import orders_table, tasks_table

SINCE = datetime(2026, 3, 2, 16, tzinfo=UTC)
PROMISED = Window.of_days(None, date(2026, 3, 2), "Asia/Shanghai")


def order(number: str, status: DeliveryStatus, *kinds: Kind, promised: Window | None = PROMISED) -> Snapshot:
    found = tuple(
        Finding(kind=kind, subject_type=SubjectType.ORDER, subject=number, since=SINCE, severity=Severity.MAJOR)
        for kind in kinds
    )
    view = View(status=status, customer="C-1", customer_name="苏州泵业", promised=promised)
    return Snapshot(account="erp", scope="order", subject=number, view=view, findings=found)


def task(number: str, title: str, role: str = "logistics", *, is_open: bool = True) -> dict[str, Any]:
    return {"id": number, "is_open": is_open, "fields": {"role": role, "title": title}}


def cells(table: Table) -> list[tuple[str, ...]]:
    """Give the heading and the rows of a table, as they read."""
    columns = [[str(column.header), *(str(cell) for cell in column.cells)] for column in table.columns]
    return list(zip(*columns, strict=True))


def printed(table: Table, width: int) -> str:
    screen = StringIO()
    Console(file=screen, width=width).print(table)
    return screen.getvalue()


def test_every_order_is_a_row_with_its_customer_its_last_promised_day_its_status_and_what_was_found() -> None:
    assert cells(
        orders_table(
            [
                order("SO-1", DeliveryStatus.IN_TRANSIT, Kind.LATE, Kind.UNDER_DESPATCHED, Kind.UNDER_DESPATCHED),
                order("SO-2", DeliveryStatus.DELIVERED),
                order("SO-3", DeliveryStatus.DRAFT, promised=None),
            ]
        )
    ) == [
        ("Order", "Customer", "Until", "Status", "Found"),
        ("SO-1", "苏州泵业", "03-02", "in_transit", "late, under_despatched"),  # each kind once, however many lines
        ("SO-2", "苏州泵业", "03-02", "delivered", ""),
        ("SO-3", "苏州泵业", "", "draft", ""),
    ]


def test_what_is_no_order_or_was_never_told_is_no_row() -> None:
    parcel = order("YT1", DeliveryStatus.IN_TRANSIT, Kind.ORPHAN_TRACKING).model_copy(update={"scope": "parcel"})
    only_named = Snapshot(account="erp", scope="order", subject="SO-9")
    assert cells(orders_table([parcel, only_named]))[1:] == []


@pytest.mark.parametrize("status", DeliveryStatus)
def test_every_status_is_shown_by_its_name(status: DeliveryStatus) -> None:
    assert cells(orders_table([order("SO-1", status)]))[1][3] == status.value


def test_every_task_is_a_row_with_its_number_its_state_whom_it_is_for_and_its_title() -> None:
    """The title as the desk got it, in whichever language its tasks are."""
    assert cells(
        tasks_table(
            [
                task("1", "Order SO-1 is late (promised 2026-03-02)"),
                task("2", "订单 SO-2 少发了 2", role="sales", is_open=False),
            ]
        )
    ) == [
        ("No.", "State", "For", "Task"),
        ("1", "open", "logistics", "Order SO-1 is late (promised 2026-03-02)"),
        ("2", "closed", "sales", "订单 SO-2 少发了 2"),
    ]


def test_on_a_terminal_of_80_columns_nothing_that_was_found_is_cut() -> None:
    """What stands beside the day's longest customer and status."""
    kinds = (Kind.DAMAGED, Kind.CARRIER_EXCEPTION, Kind.DOCUMENTS_MISSING, Kind.RECEIPT_DISCREPANCY)
    found = order("SO-2625", DeliveryStatus.PARTIALLY_DELIVERED, *kinds)
    assert found.view is not None
    longest = found.view.model_copy(update={"customer_name": "Qingdao Harbour Machinery"})
    words = printed(orders_table([found.model_copy(update={"view": longest})]), 80).replace(",", " ").split()
    assert {"Qingdao", "Harbour", "Machinery", "partially_delivered", *kinds} <= set(words)


def test_on_a_terminal_of_80_columns_what_is_to_be_done_wraps_and_is_not_cut() -> None:
    title = "Parcel 1Z7W26350300002635 cannot go on: Held by customs, the commercial invoice is missing"
    assert set(title.split()) <= set(printed(tasks_table([task("24", title)]), 80).split())
