"""Roles are kept running, drained in order, and never outlive who started them. The roles here are tiny programs."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import dedent

import pytest

from contracts.errors import Fatal
from desk.supervision import Child, Supervisor

RUNS = """
    import os, signal, sys
    signal.signal(signal.SIGTERM, lambda *_: (print("drained", flush=True), sys.exit(0)))
    print("runs", os.getpid(), flush=True)
    while True:
        signal.pause()
"""
STUBBORN = """
    import os, signal
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("runs", os.getpid(), flush=True)
    while True:
        signal.pause()
"""
CRASHES = "import sys; print('cannot go on', flush=True); sys.exit(1)"
MISCONFIGURED = "import sys; print('quayside: this is wrong', flush=True); sys.exit(2)"


class Said:
    """What the children and the supervisor said, by whom, and a way to wait for it."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self._more = asyncio.Event()

    def __call__(self, name: str, line: str) -> None:
        self.lines.append((name, line))
        self._more.set()

    def by(self, name: str) -> list[str]:
        return [line for who, line in self.lines if who == name]

    async def until(self, condition: Callable[["Said"], bool]) -> None:
        async with asyncio.timeout(30):
            while not condition(self):
                self._more.clear()
                await self._more.wait()

    def pids(self, name: str) -> list[int]:
        return [int(line.split()[1]) for line in self.by(name) if line.startswith("runs")]


@pytest.fixture
def said() -> Said:
    return Said()


def child(name: str, program: str, said: Said, patience: float = 20.0) -> Child:
    return Child(name, [sys.executable, "-c", dedent(program)], said, patience=patience)


def never_pause(_crashes: Sequence[float], _now: float) -> float:
    return 0.0


def is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text(encoding="ascii").split()[2] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "waited for 30 seconds"
        time.sleep(0.01)


async def test_a_crashed_role_is_started_again(said: Said) -> None:
    stop = asyncio.Event()
    supervisor = Supervisor([[child("worker", RUNS, said)]], said, never_pause)
    running = asyncio.create_task(supervisor.run(stop))
    await said.until(lambda said: len(said.pids("worker")) == 1)
    os.kill(said.pids("worker")[0], signal.SIGKILL)
    await said.until(lambda said: len(said.pids("worker")) == 2)
    stop.set()
    await running
    assert "ended by itself with signal 9 and starts again in 0 s" in said.by("worker")


async def test_a_role_whose_keeper_is_killed_is_not_run_twice(said: Said) -> None:
    stop = asyncio.Event()
    supervisor = Supervisor([[child("worker", RUNS, said)]], said, never_pause)
    running = asyncio.create_task(supervisor.run(stop))
    await said.until(lambda said: len(said.pids("worker")) == 1)
    first = said.pids("worker")[0]
    os.kill(os.getpgid(first), signal.SIGKILL)  # the group's leader is the keeper
    await said.until(lambda said: len(said.pids("worker")) == 2)
    wait_for(lambda: not is_alive(first))
    stop.set()
    await running


async def test_a_role_that_crashes_on_and_on_is_given_up_with_one_sentence_and_the_others_are_drained(
    said: Said,
) -> None:
    groups = [[child("ingress", RUNS, said)], [child("worker", CRASHES, said)]]
    pauses = iter([0.0, 0.0, 0.0, 0.0, None])
    supervisor = Supervisor(groups, said, lambda _crashes, _now: next(pauses))
    with pytest.raises(Fatal) as raised:
        await supervisor.run(asyncio.Event())
    assert str(raised.value) == (
        "worker ended 5 times within a minute, the last time with exit code 1; why stands above"
    )
    assert said.by("worker").count("cannot go on") == 5
    wait_for(lambda: not any(is_alive(pid) for pid in said.pids("ingress")))


async def test_a_role_that_is_configured_wrongly_is_not_tried_again(said: Said) -> None:
    supervisor = Supervisor([[child("worker", MISCONFIGURED, said)]], said, never_pause)
    with pytest.raises(Fatal, match="worker cannot run as it is configured; what is wrong stands above"):
        await supervisor.run(asyncio.Event())
    assert said.by("worker") == ["quayside: this is wrong"]


async def test_roles_are_drained_group_by_group_in_their_order(said: Said) -> None:
    stop = asyncio.Event()
    groups = [[child("ingress", RUNS, said), child("poll", RUNS, said)], [child("worker", RUNS, said)]]
    running = asyncio.create_task(Supervisor(groups, said, never_pause).run(stop))
    await said.until(lambda said: all(said.pids(name) for name in ("ingress", "poll", "worker")))
    stop.set()
    await running
    drained = [name for name, line in said.lines if line.startswith("drained")]
    assert sorted(drained[:2]) == ["ingress", "poll"]
    assert drained[2:] == ["worker"]


async def test_a_role_that_does_not_end_is_killed_after_its_patience(said: Said) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(Supervisor([[child("worker", STUBBORN, said, 0.2)]], said, never_pause).run(stop))
    await said.until(lambda said: bool(said.pids("worker")))
    stop.set()
    await running
    wait_for(lambda: not is_alive(said.pids("worker")[0]))
    assert "has not ended within 0.2 seconds and is killed" in said.by("worker")


async def test_a_second_request_ends_all_at_once(said: Said) -> None:
    stop = asyncio.Event()
    supervisor = Supervisor([[child("worker", STUBBORN, said, 1000)]], said, never_pause)
    running = asyncio.create_task(supervisor.run(stop))
    await said.until(lambda said: bool(said.pids("worker")))
    stop.set()
    supervisor.kill()
    await running
    wait_for(lambda: not is_alive(said.pids("worker")[0]))


async def test_a_stop_during_the_pause_before_a_restart_starts_nothing(said: Said) -> None:
    stop = asyncio.Event()
    supervisor = Supervisor([[child("worker", CRASHES, said)]], said, lambda _crashes, _now: 1000.0)
    running = asyncio.create_task(supervisor.run(stop))
    await said.until(lambda said: "ended by itself with exit code 1 and starts again in 1000 s" in said.by("worker"))
    stop.set()
    await running
    assert said.by("worker").count("cannot go on") == 1


async def test_every_line_is_passed_on_however_long_and_also_the_last_without_an_end(said: Said) -> None:
    program = (
        "import sys; sys.stdout.write('a' * 300_000 + '\\n' + 'h\\xe9'); sys.stdout.flush(); sys.stderr.write('b')"
    )
    spoken = child("worker", program, said)
    await spoken.start()
    assert await spoken.ended() == 0
    assert [len(line) for line in said.by("worker")] == [300_000, 3]


def test_children_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    role = tmp_path / "role.py"
    role.write_text(dedent(RUNS), encoding="utf-8")
    parent = tmp_path / "parent.py"
    parent.write_text(
        dedent(f"""
        import asyncio, sys
        from desk.supervision import Child, Supervisor

        say = lambda name, line: print(line, flush=True)
        role = Child("worker", [sys.executable, {str(role)!r}], say)
        asyncio.run(Supervisor([[role]], say).run(asyncio.Event()))
        """),
        encoding="utf-8",
    )
    with subprocess.Popen([sys.executable, str(parent)], stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        pid = int(started.stdout.readline().split()[1])
        assert is_alive(pid)
        started.kill()
        wait_for(lambda: not is_alive(pid))
