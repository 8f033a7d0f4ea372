"""Tasks, snapshots and records of the topic, as the stages write them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from contracts.envelope import Envelope, Headers, Origin, ReadHeader, Stamp, Through
from contracts.events import TYPE_OF
from contracts.identity import Scope, snapshot_key
from contracts.snapshot import DeliveryStatus, Kind, Role, Severity, Snapshot, SubjectType, Task, Text, View, Wanted

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
TOPIC = "quayside.snapshots"


def task(
    kind: Kind = Kind.LATE, *, title: str = "late", since: datetime = START, feedback: tuple[str, ...] = ()
) -> Task:
    return Task(
        kind=kind,
        subject_type=SubjectType.ORDER,
        subject="SO-1",
        since=since,
        severity=Severity.MAJOR,
        role=Role.LOGISTICS,
        due_at=since + timedelta(hours=4),
        texts={
            "en": Text(title=title, body=f"{title}: see to it"),
            "zh-CN": Text(title=title, body=f"{title}:请处理"),
        },
        feedback=feedback,
    )


def snapshot(*tasks: Task, order: str = "SO-1", scope: Scope = "order") -> Snapshot:
    return Snapshot(
        account="erp",
        scope=scope,
        subject=order,
        view=View(status=DeliveryStatus.IN_TRANSIT),
        wanted=Wanted(tasks=tasks),
    )


@dataclass(frozen=True)
class TopicRecord:
    """A consumed record."""

    key: bytes | None
    value: bytes | None
    headers: tuple[ReadHeader, ...] = field(default=())
    topic: str = TOPIC
    partition: int = 0
    offset: int = 0


def headers(through: int, as_of: datetime = START, epoch: int = 1) -> Headers:
    return Envelope(
        id=f"snapshot-{through}",
        type=TYPE_OF[Snapshot],
        source="deliver",
        time=as_of,
        received_at=as_of,
        origin=Origin("quayside.inbound", 0, through),
        stamp=Stamp(Through(epoch, through), as_of),
    ).headers()


def record(told: Snapshot, through: int = 1, as_of: datetime = START, *, offset: int = 0) -> TopicRecord:
    key = snapshot_key(told.account, told.scope, told.subject)
    return TopicRecord(key, told.encode(), tuple(headers(through, as_of)), offset=offset)
