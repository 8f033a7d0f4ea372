"""The declared metrics are those that some role moves."""

import re
from pathlib import Path

import pytest

from contracts import metrics

ROOT = Path(__file__).parents[2]
DECLARED = [name for name, value in vars(metrics).items() if hasattr(value, "_labelnames")]
CODE = [path.read_text(encoding="utf-8") for name in ("connectors", "streams") for path in (ROOT / name).rglob("*.py")]


@pytest.mark.parametrize("name", DECLARED)
def test_every_metric_is_moved_by_somebody(name: str) -> None:
    """One that nobody moves is an empty line on a dashboard, and looks like nothing to worry about."""
    moved = re.compile(rf"\b{name}\.(?:labels\(|inc\(|set\(|observe\()")
    assert any(moved.search(text) for text in CODE)
