"""`quayside up` with its own Kafka: everything comes up, a killed role comes back, and nothing outlives it."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from desk.broker.ports import answers

pytestmark = pytest.mark.broker

CONFIGURATION = """\
listen: {ingress: {port: 0}, poll: {port: 0}, worker: {port: 0}, dispatch: {port: 0}}
kafka: {partitions: 1}
sources:
- {name: kuaidi, connector: kuaidi100, secrets: [{env: SALT}]}
"""


class Up:
    """A running `quayside up`, what it says, and a way to wait for it."""

    def __init__(self, folder: Path, **variables: str) -> None:
        (folder / "quayside.yaml").write_text(CONFIGURATION, encoding="utf-8")
        environ = {name: value for name, value in os.environ.items() if not name.startswith("QUAYSIDE_")}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "desk", "up"],
            cwd=folder,
            env=environ | {"SALT": "made up"} | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""
        self._more = threading.Condition()
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._more:
                self.said += line
                self._more.notify_all()

    def until(self, pattern: str, times: int = 1) -> None:
        with self._more:
            there = self._more.wait_for(lambda: len(re.findall(pattern, self.said)) >= times, timeout=90)
        assert there, f"{pattern!r} was not said: {self.said}"

    def offspring(self) -> list[psutil.Process]:
        return list(psutil.Process(self.process.pid).children(recursive=True))

    def role(self, name: str) -> psutil.Process:
        (found,) = [
            child
            for child in self.offspring()
            if child.cmdline()[-3:] == ["-m", "desk", name] and "keeper.py" not in " ".join(child.cmdline())
        ]
        return found


def address(up: Up, role: str) -> str:
    found = re.findall(rf"up +\| +{role} +(\S+)", up.said)
    assert found, up.said
    return str(found[-1])


def asked(up: Up, role: str) -> int:
    """Give the status of a role's readiness; 0 where nobody answers."""
    try:
        return httpx.get(f"{address(up, role)}/readyz", trust_env=False).status_code
    except httpx.TransportError:
        return 0


def broker_answers(up: Up) -> bool:
    return answers(int(address(up, "broker").rpartition(":")[2]))


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < deadline, "waited for 90 seconds"
        time.sleep(0.1)


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    running = Up(tmp_path)
    yield running
    running.process.kill()
    running.process.wait()
    assert running.process.stdout is not None
    running.process.stdout.close()


def test_everything_comes_up_a_killed_worker_comes_back_and_sigterm_drains_all(up: Up) -> None:
    up.until(r"up +\| +worker +http://127\.0\.0\.1:\d+")
    up.until(r"up +\| +poll +not started: no account is configured for it")
    everyone = up.offspring()
    up.role("worker").kill()
    up.until(r"worker +\| ended by itself with signal 9 and starts again in 0\.5 s")
    up.until(r"state recovered", times=2)
    up.process.send_signal(signal.SIGTERM)
    assert up.process.wait(timeout=90) == 0
    up.until(r"everything has ended")
    assert psutil.wait_procs(everyone, timeout=10)[1] == []


def test_a_killed_broker_comes_back_on_its_port_and_the_roles_go_on_working(up: Up) -> None:
    up.until(r"up +\| ready:")
    (kafka,) = [child for child in up.offspring() if child.name().startswith("java")]
    kafka.kill()
    up.until(r"broker +\| ended by itself with signal 9 and starts again in 0\.5 s")
    wait_until(lambda: broker_answers(up) and asked(up, "worker") == 200 and asked(up, "ingress") == 200)
    assert up.process.poll() is None, up.said


def test_nothing_outlives_it_when_it_is_killed(up: Up) -> None:
    up.until(r"up +\| ready:")
    everyone = up.offspring()
    assert any("kafka.Kafka" in child.cmdline() for child in everyone)
    up.process.kill()
    assert psutil.wait_procs(everyone, timeout=60)[1] == []


def test_a_role_that_cannot_run_as_configured_ends_all_with_its_reason(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        up = Up(tmp_path, QUAYSIDE_LISTEN__WORKER__PORT=str(port))
        up.until(r"worker cannot run as it is configured")
        assert up.process.wait(timeout=90) == 2
    assert f"cannot listen at 127.0.0.1, port {port}" in up.said
    assert up.process.stdout is not None
    up.process.stdout.close()
