"""What each kind declares is what the golden cases show: its task's subject, and whether it stands for several."""

from collections import Counter
from pathlib import Path
from string import Formatter

import pytest
import yaml

from contracts.envelope import read_time
from contracts.policy import Policy
from contracts.snapshot import Kind, Severity, Snapshot, task_key
from desk.commands.simulate import _events
from desk.configuration.policy_file import read_policy
from streams.detection.registry import KINDS
from streams.detection.texts import catalogue
from streams.simulation import Change, Simulation

CASES = Path(__file__).parents[2] / "cases"
PLAYED = sorted(path.parent for path in CASES.glob("*/events.jsonl"))
KIND = {kind.kind: kind for kind in KINDS}


def snapshots(folder: Path) -> list[Snapshot]:
    policy = folder / "policy.yaml"
    simulation = Simulation(_events(folder / "events.jsonl"), read_policy(policy) if policy.exists() else Policy())
    until = yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8")).get("until")
    played = simulation.run(read_time(until) if until else None)
    return [found.snapshot for found in played if isinstance(found, Change)]


@pytest.mark.parametrize("folder", PLAYED, ids=lambda path: path.name)
def test_tasks_are_about_what_their_kind_declares_one_a_subject(folder: Path) -> None:
    for snapshot in snapshots(folder):
        keys = Counter(
            task_key(snapshot.account, snapshot.scope, snapshot.subject, task) for task in snapshot.wanted.tasks
        )
        assert all(count == 1 for count in keys.values()), "one task per subject and kind"
        asked = {task.kind for task in snapshot.wanted.tasks}
        found = {finding.kind for finding in snapshot.findings}
        assert asked <= found, "no task without its finding"
        for task in snapshot.wanted.tasks:
            assert task.subject_type is KIND[task.kind].task_subject
        for finding in snapshot.findings:
            kind = KIND[finding.kind]
            is_own = finding.subject_type is kind.task_subject
            assert is_own or kind.rolls_up, f"{finding.kind} stands for several, and does not say so"
            silent = finding.severity is Severity.RECORDED or finding.answer is not None
            assert silent or finding.kind in asked, f"nobody is asked about {finding.kind} and nobody says why"


SHOWN_BY_NO_CASE = {
    Kind.AT_RISK: {"sample"},
    Kind.CONDITION_BREACH: {"humidity", "humidity_outside", "humidity_required", "resolution", "still_outside"},
    Kind.CONDITION_GAP: {"humidity_required", "more_gaps"},
    Kind.CONTRADICTION: {"delivered_at", "despatched_at"},
}
"""Details that depend on what happened; tests of their own look at them."""


def test_findings_tell_every_detail_that_their_texts_speak_of() -> None:
    """A detail of another name would leave its line out of the text, and nobody would miss it."""
    told: dict[Kind, set[str]] = {}
    for folder in PLAYED:
        for snapshot in snapshots(folder):
            for finding in snapshot.findings:
                told.setdefault(finding.kind, set()).update(finding.details)
    missing = {kind: spoken_of(kind) - details - SHOWN_BY_NO_CASE.get(kind, set()) for kind, details in told.items()}
    assert {kind: names for kind, names in missing.items() if names} == {}
    assert len(told) >= 40, "the golden cases show most kinds"


def spoken_of(kind: Kind) -> set[str]:
    text = yaml.safe_dump(catalogue("en")[kind.value], allow_unicode=True)
    return {name for _, name, _, _ in Formatter().parse(text.replace("'", "")) if name and name.isidentifier()}
