"""Judging a day that was played; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.settings import TargetAccount
from contracts.snapshot import Snapshot
from desk.demo import portal, registrations
from desk.demo.expected import Expected
from desk.demo.outcome import Outcome, differences


@dataclass(frozen=True, slots=True)
class Result:
    """What came of the day, what shows it, and the time at which nothing came in any more.

    told: the subscriber's messages; subscriber: its account. kept: pushes that waited for a registration in vain.
    """

    outcome: Outcome
    snapshots: Sequence[Snapshot]
    records: Sequence[dict[str, Any]]
    registered: registrations.Registrations
    told: portal.Told
    subscriber: TargetAccount
    kept: Sequence[str]
    sent: int
    worker_was_killed: bool
    stood_still_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong, a sentence each, and the day in numbers."""

    wrong: Sequence[str]
    summary: dict[str, Any]


def judge(expected: Expected, result: Result, readings: int) -> Verdict:
    """Compare what came of the day with what must. readings: how many lines the ERP's file has.

    duplicates: open records beyond one a task. lost: orders and tasks that are not there at all. registrations: those
    that were made; registered_again: of parcels that had been given up. steps_told: to the subscriber.
    """
    found, registered = result.outcome, result.registered
    wrong = differences(expected.outcome, found)
    wrong += registrations.differences(expected.registrations, registered, expected.perhaps, kept=result.kept)
    wrong += portal.differences(result.told, result.snapshots, result.subscriber, expected.steps)
    if not result.worker_was_killed:
        wrong.append("the worker was not killed on the way")
    summary = {
        "orders": len(found.orders),
        "events": readings + result.sent,
        "findings": found.findings_by_kind(),
        "tasks_received": found.records(),
        "duplicates": found.duplicates(),
        "lost": found.lost(expected.outcome),
        "registrations": registered.granted(),
        "registered_again": len(registered.again),
        "steps_told": result.told.count(),
    }
    return Verdict(wrong, summary)
