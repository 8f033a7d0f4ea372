"""The reference page about findings: each kind, whom it calls and when, and in which words."""

from contracts.answer import Missing
from contracts.policy import CasePolicy, KindPolicy, Ladder, Policy
from contracts.snapshot import Kind, Severity
from desk.generate.markdown import code, page, table
from streams.detection.kind import KindOfFinding
from streams.detection.registry import KINDS
from streams.detection.texts import LANGUAGES, catalogue
from streams.detection.wording import hours

_NEEDS = {
    frozenset(Missing): "a reason and an approval",
    frozenset({Missing.REASON}): "a reason",
    frozenset({Missing.APPROVAL}): "an approval",
}


_COMES_BACK = """A task that is done or refused while its cause still holds comes back, and says who answered what.
Before that it rests for as long as *comes back* says, which is how long what was done takes to show: a parcel on its
way back needs a week, an inquiry as long, a claim two; the ERP shows within a few days what people agreed; goods that
should move show it within a day. What never clears by itself, as a seal that was another, comes back once a week, until
the documents are corrected or an operator closes it ([how](../how-to/operator-actions.md)). A kind's `returns_after`
changes it. Kinds that need a reason or an approval stay closed with it, and come back at once without."""


def findings_page() -> str:
    """Every kind, from the registry, the policy's defaults and the catalogues."""
    policy = Policy()
    rows = [_row(kind, policy) for kind in KINDS]
    return page(
        "Findings",
        "What is noticed, and the task it makes. Numbers are the defaults of `policy` ([settings](settings.md)).",
        table(("kind", "family", "task about", "calls", "due", "escalates", "grace", "comes back"), rows),
        _COMES_BACK,
        *(_section(kind) for kind in KINDS),
    )


def _row(kind: KindOfFinding, policy: Policy) -> tuple[str, ...]:
    settings = policy.kind(kind.kind)
    about = f"{kind.task_subject}, rolled up" if kind.rolls_up else str(kind.task_subject)
    escalates = _ladders(settings)
    grace, due = hours(settings.grace), hours(settings.due)
    due += f" ({settings.counts.replace('_', ' ')})" if settings.counts else ""
    if settings.severity is Severity.RECORDED:
        return code(kind.kind), kind.family, about, "nobody: recorded", "–", "–", grace, "–"
    returns = "with reason" if kind.needs else hours(policy.rests(kind.kind))
    return code(kind.kind), kind.family, about, str(settings.role), due, escalates, grace, returns


def _ladders(settings: KindPolicy) -> str:
    """Write the steps of escalation; of a case's step those by its severity."""
    if not isinstance(settings, CasePolicy):
        return _ladder(settings.escalation)
    graded = ((severity, settings.graded(severity).escalation) for severity in Severity)
    return "; ".join(
        f"{severity}: {_ladder(ladder)}" for severity, ladder in graded if severity is not Severity.RECORDED
    )


def _ladder(steps: Ladder) -> str:
    return ", ".join(f"to {step.role} after {hours(step.after)}" for step in steps) or "–"


def _section(kind: KindOfFinding) -> str:
    words = table(("language", "title"), [(language, code(_title(language, kind.kind))) for language in LANGUAGES])
    needs = f"\n\nStays closed only with {_NEEDS[kind.needs]}; it is then recorded alone." if kind.needs else ""
    return f"## `{kind.kind}`\n\n{kind.explanation()}{needs}\n\n{words}"


def _title(language: str, kind: Kind) -> str:
    return str(catalogue(language)[kind]["title"])
