"""`make` sets everything up by itself, and says in one sentence what it cannot do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
INTERPRETERS = ["python3", "python3.11", "python3.12", "python3.13", "python3.14"]
TOO_OLD = "#!/bin/sh\nexit 1\n"
WITHOUT_VENV = f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder in which nothing has been set up yet."""
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def make(checkout: Path, *targets: str, python: str) -> subprocess.CompletedProcess[str]:
    """Run make where every Python on the path is this script."""
    programs = checkout / "programs"
    programs.mkdir()
    for name in INTERPRETERS:
        (programs / name).write_text(python, encoding="utf-8")
        (programs / name).chmod(0o755)
    environment = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "HOME": str(checkout)}
    return subprocess.run(
        ["make", "-C", checkout, *targets], env=environment, capture_output=True, text=True, check=False
    )


def test_make_alone_lists_what_there_is_and_sets_nothing_up(checkout: Path) -> None:
    done = make(checkout, python=TOO_OLD)
    assert done.returncode == 0
    listed = {line.split()[1] for line in done.stdout.splitlines() if line.startswith("make ")}
    assert {"demo", "test", "check", "test-systems", "lint", "format", "bench"} <= listed
    assert not (checkout / ".venv").exists()


def test_a_machine_without_a_new_enough_python_is_told_so(checkout: Path) -> None:
    done = make(checkout, "check", python=TOO_OLD)
    assert done.returncode != 0
    assert done.stderr.startswith("Quayside needs Python 3.11 or newer")


def test_a_python_without_venv_is_told_what_to_install(checkout: Path) -> None:
    done = make(checkout, "check", python=WITHOUT_VENV)
    assert done.returncode != 0
    assert "python3 cannot create a virtual environment: install its venv module" in done.stderr
    assert not (checkout / ".venv").exists()
