"""Condition: what happened to goods that need a temperature or humidity, and what nobody knows of it."""

from contracts.snapshot import Kind, SubjectType
from streams.detection.condition_breach import condition_breach
from streams.detection.condition_gap import condition_gap
from streams.detection.kind import KindOfFinding

CONDITION: tuple[KindOfFinding, ...] = (
    KindOfFinding(Kind.CONDITION_BREACH, "condition", "order", SubjectType.PARCEL, condition_breach, needs_reason=True),
    KindOfFinding(Kind.CONDITION_GAP, "condition", "order", SubjectType.PARCEL, condition_gap, needs_reason=True),
)
