"""The page about after-sales cases says what is so."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from contracts.model import build
from contracts.policy import Policy
from contracts.service import ServiceCase
from contracts.snapshot import CaseState, Severity

PAGE = (Path(__file__).parents[3] / "docs" / "how-to" / "after-sales.md").read_text(encoding="utf-8")
COLUMNS = {Severity.GRAVE: 1, Severity.MAJOR: 2, Severity.ORDINARY: 3}


def cell(row: str, severity: Severity) -> str:
    [line] = [line for line in PAGE.splitlines() if line.startswith(f"| {row} |")]
    return line.split("|")[COLUMNS[severity] + 1].strip()


@pytest.mark.parametrize("severity", COLUMNS)
def test_the_times_and_ladders_that_it_shows_are_the_defaults(severity: Severity) -> None:
    policy = Policy()
    for row, settings in (
        ("answered within", policy.response_overdue),
        ("solved within", policy.resolution_overdue),
        ("verified within", policy.verification_overdue),
    ):
        assert cell(row, severity) == f"{settings.within.of(severity) // timedelta(hours=1)} h"
        ladder = settings.graded(severity).escalation
        steps = [f"{step.role} after {step.after // timedelta(hours=1)} h" for step in ladder]
        assert cell("goes to", severity) == ", ".join(steps)


def test_the_case_that_it_shows_is_one_and_is_reopened() -> None:
    [shown] = re.findall(r"^```json\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert build(ServiceCase, account="desk", **json.loads(shown)).state is CaseState.REOPENED


def test_the_policy_that_it_shows_is_one() -> None:
    shown = PAGE[PAGE.index("    policy:") : PAGE.index("A case that names no order")]
    policy = Policy.model_validate(yaml.safe_load(shown)["policy"])
    assert policy.response_overdue.within.of(Severity.GRAVE) == timedelta(hours=2)
    assert policy.response_overdue.within.of(Severity.ORDINARY) == timedelta(hours=24)
