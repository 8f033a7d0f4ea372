"""Server processes of the systems under test: free ports, readiness, and an end that leaves nothing behind."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

Say = Callable[[str], None]

LAST_LINES = 20
SETPRIV = "/usr/bin/setpriv"  # util-linux, which every Debian has


class SetUpFailed(Exception):
    """A system under test could not be brought up; the sentence ends with what it said last."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(condition: Callable[[], bool], *, within: float, what: str) -> None:
    """Return as soon as `condition` holds.

    Raises:
        SetUpFailed: it did not hold within that many seconds.
    """
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise SetUpFailed(f"{what} did not happen within {within:g} s")
        time.sleep(0.05)


def answers(url: str, status: int, authorization: str = "") -> bool:
    """Whether a GET of `url` is answered with this status; a server that is not up yet answers nothing."""
    try:
        return httpx.get(url, headers={"Authorization": authorization}, timeout=5).status_code == status
    except httpx.TransportError:
        return False


def run(command: Sequence[str | Path], log: Path, environment: Mapping[str, str] | None = None) -> str:
    """Run a set-up command to its end and give back what it printed.

    Raises:
        SetUpFailed: it ended with an error.
    """
    with log.open("w+", encoding="utf-8") as output:
        done = subprocess.run(
            command, env={**os.environ, **(environment or {})}, stdout=output, stderr=subprocess.STDOUT, check=False
        )
    text = log.read_text(encoding="utf-8", errors="replace")
    if done.returncode:
        raise SetUpFailed(f"{command[0]} ended with {done.returncode}:\n{tail(text)}")
    return text


def tail(text: str) -> str:
    return "\n".join(text.splitlines()[-LAST_LINES:])


@dataclass
class Server:
    """A server on a port of its own, that can be stopped and started again in the middle of a test.

    `ready` is asked until it says yes. The process is told to end when its parent is gone, even a killed one.
    """

    name: str
    command: Sequence[str | Path]
    log: Path
    ready: Callable[[], bool]
    environment: Mapping[str, str]
    patience: float = 10  # seconds that it gets to end by itself
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it and return when it answers.

        Raises:
            SetUpFailed: it ended or did not answer in time; the sentence ends with its last lines.
        """
        with self.log.open("ab") as output:
            process = self.process = subprocess.Popen(
                [SETPRIV, "--pdeathsig", "TERM", *self.command],
                env={**os.environ, **self.environment},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            wait_until(lambda: process.poll() is not None or self.ready(), within=60, what=f"{self.name}'s answer")
        except SetUpFailed as failure:
            trouble = str(failure)
        else:
            trouble = f"{self.name} ended with {process.returncode}" if process.poll() is not None else ""
        if trouble:
            self.stop()
            last = tail(self.log.read_text(encoding="utf-8", errors="replace"))
            raise SetUpFailed(f"{trouble}; its last lines:\n{last}")

    @contextmanager
    def running(self) -> Iterator[None]:
        """Start it, and stop it at the end of the block.

        Raises:
            SetUpFailed: as `start` does.
        """
        self.start()
        try:
            yield
        finally:
            self.stop()

    def stop(self) -> None:
        """End the process and every child of it. Does nothing when it was not started."""
        process, self.process = self.process, None
        if process is None:
            return
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if not group_lives(process.pid):
                break
            os.killpg(process.pid, sign)
            try:
                process.wait(timeout=self.patience)
            except subprocess.TimeoutExpired:
                continue
        process.wait(timeout=10)
        wait_until(lambda: not group_lives(process.pid), within=10, what=f"{self.name}: the end of its processes")


def group_lives(group: int) -> bool:
    """Whether a process of that group still runs; one that ended and waits for its parent does not count."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, process_group = status.read_text().rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):  # it ended while we looked
            continue
        if int(process_group) == group and state != "Z":
            return True
    return False
