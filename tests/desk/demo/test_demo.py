"""`quayside demo` as people run it, on a broker of its own; and what it refuses before it starts one."""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from contracts.errors import Rejected
from desk.demo.deployment import Deployment
from desk.demo.running import INTERRUPTED
from desk.demo.story import read_story

COMMAND = (sys.executable, "-P", "-m", "desk", "demo")
SECONDS = 110
READINGS, PUSHES = 112, 181


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=SECONDS, check=False)


def summary(output: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
    return found


@dataclass(frozen=True)
class Watched:
    """A demo that has ended. others: how long the processors worked for anything but it, all together, in seconds."""

    returncode: int
    stdout: str
    stderr: str
    others: float


def watched(*arguments: str) -> Watched:
    """Run a demo, and see what share of the processors it had."""
    before, kafka = _seconds_of_others(), 0.0
    with subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as demo:
        try:
            while True:
                with suppress(subprocess.TimeoutExpired):
                    stdout, stderr = demo.communicate(timeout=1.0)
                    return Watched(demo.returncode, stdout, stderr, _seconds_of_others() - before - kafka)
                kafka = max(kafka, _seconds_of_kafka(demo.pid))
        finally:
            demo.kill()


def _seconds_of_others() -> float:
    """How long the processors have worked for anything but what this process ran and saw end."""
    spent = psutil.cpu_times()
    idle = spent.idle + spent.iowait + spent.guest + spent.guest_nice  # a guest's time stands in user's as well
    ours = resource.getrusage(resource.RUSAGE_CHILDREN)
    return float(sum(spent) - idle - ours.ru_utime - ours.ru_stime)


def _seconds_of_kafka(demo: int) -> float:
    """Read it while it runs: nobody sees it end, since who started it is killed with it."""
    found = 0.0
    with suppress(psutil.NoSuchProcess):
        for process in psutil.Process(demo).children(recursive=True):
            if process.name() == "java":
                found += process.cpu_times().user + process.cpu_times().system
    return found


@pytest.mark.broker
def test_the_day_is_played_judged_and_right_though_the_worker_is_killed(tmp_path: Path) -> None:
    ended = watched("--check", "--state", str(tmp_path / "demo"))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "kill -9" in ended.stdout
    told = summary(ended.stdout)
    assert told.pop("registrations") in {44, 45}  # a number that is wrong for a while may be registered meanwhile
    assert told.pop("steps_told") > 300  # each is judged; those that tell of tasks depend on when the desk took them
    # What others took of the processors, the demo may have waited for; a machine of its own has it done in a minute.
    assert told.pop("seconds") < 60 + ended.others
    assert told == {
        "orders": 55,
        "events": READINGS + PUSHES,
        "findings": {
            "carrier_exception": 2,
            "condition_breach": 1,
            "damaged": 1,
            "documents_missing": 1,
            "late": 5,
            "orphan_tracking": 2,
            "receipt_discrepancy": 1,
            "response_overdue": 1,
            "returning": 1,
            "stalled": 3,
            "survey_low": 1,
            "under_despatched": 5,
        },
        "tasks_received": 28,
        "duplicates": 0,
        "lost": 0,
        "registered_again": 1,
    }
    assert "gives parcel YT8602690000900 up" in ended.stdout
    assert "signal 9" in (tmp_path / "demo" / "demo.log").read_text(encoding="utf-8")


@pytest.mark.broker
def test_a_day_without_one_push_is_wrong_and_the_difference_is_named(tmp_path: Path) -> None:
    ended = run("--check", "--state", str(tmp_path / "demo"), "--without", "SF1602611000112#4")
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "order SO-2611 is in_transit instead of delivered" in ended.stdout
    assert "the task late of SO-2611 came, and nobody should be asked to do it" in ended.stdout
    assert summary(ended.stdout)["events"] == READINGS + PUSHES - 1


@pytest.fixture
def playing(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A demo whose day has begun."""
    with subprocess.Popen([*COMMAND, "--state", str(tmp_path / "demo")], stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        try:
            assert any("opened" in line for line in demo.stdout)
            yield demo
        finally:
            demo.kill()


@pytest.mark.broker
@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGTERM, INTERRUPTED)])
def test_a_demo_that_is_ended_on_the_way_says_so_and_leaves_nothing_running(
    playing: "subprocess.Popen[str]", number: signal.Signals, code: int
) -> None:
    """How Ctrl-C ends one that is over is held in tests/tutorial."""
    offspring = psutil.Process(playing.pid).children(recursive=True)
    said = [" ".join(process.cmdline()) for process in offspring]
    for name in ("kafka.Kafka", "desk ingress", "desk poll", "desk worker", "desk dispatch", "desk receive"):
        assert any(name in command for command in said), f"{name} does not run"
    os.kill(playing.pid, number)
    assert playing.wait(30) == code
    _, left = psutil.wait_procs(offspring, timeout=60)
    assert not left


@pytest.mark.slow
def test_a_push_that_the_day_does_not_have_is_one_sentence(tmp_path: Path) -> None:
    ended = run("--check", "--state", str(tmp_path / "demo"), "--without", "SF1602611000112#9")
    assert ended.returncode == 2
    assert ended.stderr.startswith("quayside: the day has no push 'SF1602611000112#9'")
    assert not (tmp_path / "demo").exists()


@pytest.mark.slow
def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    ended = run("--state", str(tmp_path))
    assert ended.returncode == 2
    assert "holds something else than a demo" in ended.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


@pytest.mark.parametrize(
    ("folder", "why"),
    [("FILE/demo", "Not a directory"), ("x" * 300, "File name too long")],
    ids=["below a file", "long"],
)
def test_a_folder_that_cannot_be_made_is_refused_with_the_reason(tmp_path: Path, folder: str, why: str) -> None:
    (tmp_path / "FILE").touch()
    place = tmp_path / folder
    with pytest.raises(Rejected) as refused:
        Deployment.lay_out(place, read_story())
    assert refused.value.reason == f"the folder {place} cannot be used: {why}; name another one by --state"


@pytest.mark.slow
def test_a_folder_in_which_a_demo_runs_is_left_alone(tmp_path: Path) -> None:
    Deployment.lay_out(tmp_path / "demo", read_story())
    ended = run("--state", str(tmp_path / "demo"))
    assert ended.returncode == 2
    assert "a demo is running in" in ended.stderr


@pytest.mark.slow
def test_what_an_earlier_demo_left_is_thrown_away_and_its_secrets_with_it(tmp_path: Path) -> None:
    script = "import sys; from pathlib import Path; from desk.demo.deployment import Deployment; "
    script += "from desk.demo.story import read_story; "
    script += "print(Deployment.lay_out(Path(sys.argv[1]), read_story()).secrets['carriers'])"
    first, second = (
        subprocess.run(
            [sys.executable, "-P", "-c", script, str(tmp_path / "demo")], capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    )
    assert first != second
    assert (tmp_path / "demo" / "carriers.secret").read_text(encoding="ascii") == second.strip()
    assert (tmp_path / "demo" / "carriers.secret").stat().st_mode & 0o077 == 0
