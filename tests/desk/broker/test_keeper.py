"""What the keeper keeps ends with whoever started it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from desk.broker import keeper
from tests.desk.broker.waiting import has_ended, until

KEEP = [sys.executable, "-I", keeper.__file__]
# Says that it is there, then waits to be ended.
LASTING = [sys.executable, "-c", "import os, signal; print(os.getpid(), flush=True); signal.pause()"]
STUBBORN = [
    sys.executable,
    "-c",
    "import os, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(os.getpid(), flush=True); signal.pause()",
]


@contextmanager
def kept(command: list[str], *keep: str) -> Iterator[tuple[subprocess.Popen[bytes], psutil.Process]]:
    with subprocess.Popen([*(keep or KEEP), *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        child = psutil.Process(int(process.stdout.readline()))
        try:
            yield process, child
        finally:
            with suppress(psutil.NoSuchProcess):
                child.kill()
            process.kill()


def test_the_command_ends_when_the_starter_closes_the_pipe() -> None:
    with kept(LASTING) as (process, child):
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 128 + signal.SIGTERM
        assert has_ended(child)


def test_the_command_ends_when_its_starter_is_killed() -> None:
    starter = (
        "import subprocess, sys, signal;"
        f"subprocess.Popen({KEEP!r} + sys.argv[1:], stdin=subprocess.PIPE, start_new_session=True);"
        "signal.pause()"
    )
    with kept(LASTING, sys.executable, "-c", starter) as (process, child):
        process.kill()
        until(lambda: has_ended(child), "the kept command ended")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_the_keeper_ends_the_command(number: signal.Signals) -> None:
    with kept(LASTING) as (process, child):
        process.send_signal(number)
        assert process.wait(10) == 128 + signal.SIGTERM
        assert has_ended(child)


def test_a_command_that_will_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "PATIENCE_SECONDS", 0.1)
    with subprocess.Popen(STUBBORN, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        with Path(os.devnull).open("rb") as ended:
            keeper.end_with(ended.fileno(), child)
        assert child.wait(10) == -signal.SIGKILL


def test_the_commands_own_exit_code_is_handed_on() -> None:
    with subprocess.Popen([*KEEP, sys.executable, "-c", "raise SystemExit(7)"], stdin=subprocess.PIPE) as process:
        assert process.wait(10) == 7
