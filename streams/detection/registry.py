"""The kinds of findings: which there are, to which family they belong, and the rule of each.

A rule over deliveries is a pure function of case, policy and clock. `orphan_tracking` is judged by `resolve`, which
alone knows the parcels that no order names, and `quarantined` by the engine. The reference page is generated from
here: a rule's docstring says when it opens, when it clears, and on whose silence it rests.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from contracts.clock import Clock
from contracts.identity import Scope
from contracts.policy import Policy
from contracts.snapshot import Kind, SubjectType
from streams.delivery.case import Case
from streams.detection.delay import late, stalled
from streams.detection.finding import Verdict
from streams.detection.quantity import under_despatched

Rule = Callable[[Case, Policy, Clock], Verdict]
Family = Literal["delay", "quantity", "data"]


@dataclass(frozen=True, slots=True)
class KindOfFinding:
    """One kind. task_subject: what its task is about; rolls_up: one task for several findings of the order."""

    kind: Kind
    family: Family
    scope: Scope
    task_subject: SubjectType
    rule: Rule | None = None
    rolls_up: bool = False
    meaning: str = ""

    def explanation(self) -> str:
        """When it opens, when it clears, on whose silence it rests."""
        return " ".join((self.meaning or (self.rule.__doc__ if self.rule else None) or "").split())


KINDS: tuple[KindOfFinding, ...] = (
    KindOfFinding(Kind.LATE, "delay", "order", SubjectType.ORDER, late, rolls_up=True),
    KindOfFinding(Kind.STALLED, "delay", "order", SubjectType.PARCEL, stalled),
    KindOfFinding(Kind.UNDER_DESPATCHED, "quantity", "order", SubjectType.ORDER, under_despatched, rolls_up=True),
    KindOfFinding(
        Kind.ORPHAN_TRACKING,
        "data",
        "parcel",
        SubjectType.PARCEL,
        meaning="Opens when a parcel was reported, no document names it, and the grace is over. Clears when a document "
        "names it. Rests on hearing every polled ERP account, or ingress where none is polled.",
    ),
    KindOfFinding(
        Kind.QUARANTINED,
        "data",
        "stage",
        SubjectType.DOCUMENT,
        meaning="Opens when the processing of a key failed three times in a row, or a deadline of it failed. Clears "
        "when a newer version of the software processes it. Rests on nobody's silence.",
    ),
)


def judge(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Ask every rule over deliveries that the policy has on."""
    return Verdict.all_of(
        kind.rule(case, policy, clock) for kind in KINDS if kind.rule is not None and policy.kind(kind.kind).enabled
    )
