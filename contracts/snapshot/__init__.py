"""The snapshot: what is so, and what should therefore be so outside.

A snapshot says a state, not a step: only the newest of a key counts, and whoever acts on it compares before it acts.
Its stamp (`ce_through`, `ce_asof`) tells a reader which of two is newer.
"""

from contracts.snapshot.case import CaseState, CaseView, TimelineEntry
from contracts.snapshot.finding import Finding, Kind, Role, Severity, SubjectType
from contracts.snapshot.goods import ConditionView, LineView, ParcelView, PartView, ShipmentView
from contracts.snapshot.wanted import (
    Notice,
    Task,
    Text,
    Wanted,
    WantedSubscription,
    notice_key,
    subscription_key,
    task_key,
    task_key_of,
)
from contracts.snapshot.whole import DeliveryStatus, Snapshot, View

__all__ = [
    "CaseState",
    "CaseView",
    "ConditionView",
    "DeliveryStatus",
    "Finding",
    "Kind",
    "LineView",
    "Notice",
    "ParcelView",
    "PartView",
    "Role",
    "Severity",
    "ShipmentView",
    "Snapshot",
    "SubjectType",
    "Task",
    "Text",
    "TimelineEntry",
    "View",
    "Wanted",
    "WantedSubscription",
    "notice_key",
    "subscription_key",
    "task_key",
    "task_key_of",
]
