"""The kinds of findings: which there are, to which family they belong, and the rule of each.

A rule over deliveries is a pure function of case, policy and clock. `orphan_tracking` is judged by `resolve`, which
alone knows the parcels that no order names, the steps of an after-sales case by `cases`, and `quarantined` by the
engine. The reference page is generated from
here: a rule's docstring says when it opens, when it clears, and on whose silence it rests.
"""

from collections.abc import Iterable

from contracts.clock import Clock
from contracts.policy import Policy
from streams.delivery.case import Case
from streams.detection.acceptance import ACCEPTANCE
from streams.detection.condition import CONDITION
from streams.detection.confirmation import CONFIRMATION
from streams.detection.data import DATA
from streams.detection.delay import DELAY
from streams.detection.departure import DEPARTURE
from streams.detection.finding import Needs, Verdict, applied
from streams.detection.follow_up import FOLLOW_UP
from streams.detection.kind import KindOfFinding
from streams.detection.quantity import QUANTITY
from streams.detection.risk import RISK
from streams.detection.service import SERVICE
from streams.detection.transport import TRANSPORT

KINDS: tuple[KindOfFinding, ...] = (
    *DELAY,
    *CONFIRMATION,
    *TRANSPORT,
    *DEPARTURE,
    *RISK,
    *QUANTITY,
    *ACCEPTANCE,
    *CONDITION,
    *SERVICE,
    *FOLLOW_UP,
    *DATA,
)
_OF_AN_OPEN_DELIVERY = tuple(kind for kind in KINDS if kind.family != "follow-up")
BY_WORD = frozenset(kind.kind for kind in KINDS if kind.by_word)
NEEDS: Needs = {kind.kind: kind.needs for kind in KINDS if kind.needs}


def judge(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Ask every rule over deliveries that the policy has on, but for follow-ups: those outlive the delivery."""
    return _ask(_OF_AN_OPEN_DELIVERY, case, policy, clock)


def judge_follow_ups(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Ask the rules about follow-ups that the policy has on."""
    return _ask(FOLLOW_UP, case, policy, clock)


def _ask(kinds: Iterable[KindOfFinding], case: Case, policy: Policy, clock: Clock) -> Verdict:
    verdict = Verdict.all_of(
        kind.rule(case, policy, clock) for kind in kinds if kind.rule is not None and kind.kind in policy.looked_for
    )
    found = tuple(one for one in verdict.found if applied(policy, one).kind(one.kind).enabled)
    return Verdict(found, verdict.wakes)
