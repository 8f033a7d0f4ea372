"""The reference page about findings: each kind, whom it calls and when, and in which words."""

from contracts.answer import Missing
from contracts.policy import KindPolicy, Policy
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


def findings_page() -> str:
    """Every kind, from the registry, the policy's defaults and the catalogues."""
    policy = Policy()
    rows = [_row(kind, policy.kind(kind.kind)) for kind in KINDS]
    return page(
        "Findings",
        "What is noticed, and the task it makes. Numbers are the defaults of `policy` ([settings](settings.md)).",
        table(("kind", "family", "task about", "calls", "due", "escalates", "grace"), rows),
        *(_section(kind) for kind in KINDS),
    )


def _row(kind: KindOfFinding, settings: KindPolicy) -> tuple[str, ...]:
    about = f"{kind.task_subject}, rolled up" if kind.rolls_up else str(kind.task_subject)
    escalates = ", ".join(f"to {step.role} after {hours(step.after)}" for step in settings.escalation) or "–"
    grace, due = hours(settings.grace), hours(settings.due)
    due += f" ({settings.counts.replace('_', ' ')})" if settings.counts else ""
    if settings.severity is Severity.RECORDED:
        return code(kind.kind), kind.family, about, "nobody: recorded", "–", "–", grace
    return code(kind.kind), kind.family, about, str(settings.role), due, escalates, grace


def _section(kind: KindOfFinding) -> str:
    words = table(("language", "title"), [(language, code(_title(language, kind.kind))) for language in LANGUAGES])
    needs = f"\n\nStays closed only with {_NEEDS[kind.needs]}; it is then recorded alone." if kind.needs else ""
    return f"## `{kind.kind}`\n\n{kind.explanation()}{needs}\n\n{words}"


def _title(language: str, kind: Kind) -> str:
    return str(catalogue(language)[kind]["title"])
