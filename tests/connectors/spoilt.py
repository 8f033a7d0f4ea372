"""Running suites of connectors that are spoilt on purpose, in a process of their own, to see what fails of them."""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "pytest", "-q", "--tb=no", "-p", "no:cacheprovider", "-c", "pyproject.toml")


def run_spoilt(suites: str, clauses: Iterable[str], folder: Path) -> tuple[set[tuple[str, str]], str]:
    """Run these clauses of suites. Gives what failed, `NAME` of `TestNAME` and clause, and all that was printed."""
    file = folder / "test_spoilt.py"
    file.write_text(suites, encoding="utf-8")
    command = [*COMMAND, "-k", " or ".join(clauses), str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    failed = re.findall(r"^FAILED \S*::Test(\w+)::test_(\w+)", done.stdout, re.MULTILINE)
    return set(failed), done.stdout + done.stderr
