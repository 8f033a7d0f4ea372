"""What is told when a key rests: a snapshot of its own, of scope `stage`, whatever the stage.

It needs nothing of the key's state, since what could not be folded cannot be folded to tell so either. The order's own
snapshot stays as it was last.
"""

from collections.abc import Callable

from contracts.clock import Clock
from contracts.identity import readable, snapshot_key
from contracts.policy import Policy
from contracts.snapshot import Kind, Snapshot, SubjectType, Wanted
from contracts.topics import SNAPSHOTS
from streams.detection.finding import Found, Place, findings_of, tasks_of
from streams.engine.stage import Output, Quarantine, S
from streams.stages.output import event_output


def rests_as_a_stage(
    stage: str,
) -> Callable[[bytes, S | None, Quarantine | None, Clock, Policy], tuple[Output, ...]]:
    """Give the stage's way to tell that a key rests, or, without a quarantine, that it no longer does."""

    def tell(
        key: bytes, _state: S | None, quarantine: Quarantine | None, clock: Clock, policy: Policy
    ) -> tuple[Output, ...]:
        name = resting_name(stage, key)
        found = [_resting(name, quarantine)] if quarantine and policy.quarantined.enabled else []
        snapshot = Snapshot(
            account=stage,
            scope="stage",
            subject=name,
            findings=findings_of(found, policy),
            wanted=Wanted(tasks=tasks_of(found, {}, Place(stage, "stage", name), clock, policy).tasks),
            policy=policy.fingerprint,
            policy_revision=policy.revision,
        )
        return (event_output(SNAPSHOTS, snapshot_key(stage, "stage", name), snapshot),)

    return tell


def resting_name(stage: str, key: bytes) -> str:
    """Name a key that rests, for people: `deliver factory/SO-1001`."""
    return f"{stage} {readable(key)}"


def _resting(name: str, quarantine: Quarantine) -> Found:
    """Say that a key rests since its quarantine began, why, and how many events wait."""
    return Found(
        kind=Kind.QUARANTINED,
        subject_type=SubjectType.DOCUMENT,
        subject=name,
        since=quarantine.since,
        details={"error": quarantine.error, "waiting": str(quarantine.waiting), "key": name},
    )
