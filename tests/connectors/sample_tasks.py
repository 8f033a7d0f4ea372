"""A task as a snapshot wants it, with the order around it: what every target must be able to hold."""

from datetime import UTC, datetime, timedelta

from contracts.connector import TaskInContext
from contracts.moment import Window
from contracts.snapshot import (
    DeliveryStatus,
    Kind,
    ParcelView,
    Role,
    Severity,
    SubjectType,
    Task,
    Text,
    View,
    task_key,
)
from contracts.tracking import TrackingStatus

BEGAN = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
SCANNED = datetime(2026, 11, 19, 6, 30, tzinfo=UTC)


def late_task(
    order: str = "SO-1042", *, scan: str = "到达【武汉转运中心】", due: datetime | None = None
) -> TaskInContext:
    """A late order of a customer whose name needs every kind of character."""
    task = Task(
        kind=Kind.LATE,
        subject_type=SubjectType.ORDER,
        subject=order,
        since=BEGAN,
        severity=Severity.MAJOR,
        role=Role.LOGISTICS,
        due_at=due or BEGAN + timedelta(hours=4),
        texts={
            "en": Text(title=f"Order {order} is late", body="The promised window has passed.\nAsk the carrier."),
            "zh-CN": Text(title=f"订单 {order} 延误", body="已超过承诺交期。\n请联系承运商。"),
        },
    )
    view = View(
        status=DeliveryStatus.IN_TRANSIT,
        customer="C-17",
        customer_name="Müller & Söhne 机械厂 \"O'Neil\\",
        promised=Window.of_days(None, BEGAN.date(), "Asia/Shanghai"),
        parcels=(
            ParcelView(
                number="YT88001",
                carrier="yuantong",
                status=TrackingStatus.IN_TRANSIT,
                last_scan_at=SCANNED,
                last_scan_text=scan,
                last_location="武汉",
            ),
        ),
    )
    return TaskInContext(
        key=task_key("erp", "order", order, task), account="erp", scope="order", subject=order, task=task, view=view
    )
