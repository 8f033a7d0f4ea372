"""The broker's process: start, stop, kill, and start again on the same data and port."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from contracts.errors import Fatal, Rejected
from desk.broker import keeper
from desk.broker.folder import LOGS, Folder, announce, open_log, take, wait_until_released
from desk.broker.java import java_command, java_environment, lay_out
from desk.broker.ports import answers, free_ports, is_free
from desk.broker.settings import HOST, server_properties

START_SECONDS = 90.0
STOP_SECONDS = keeper.PATIENCE_SECONDS + 10.0
PORT_TRIES = 3


class _PortTakenError(Rejected):
    def __init__(self, port: int) -> None:
        super().__init__(
            f"port {port} is taken by another process; name another, or none for a free one", code="broker_port"
        )


class Broker:
    """A single-node Apache Kafka on `data`, listening on loopback at `port` (without one: at a free port).

    It may be stopped or killed and started again; port and data stay the same.
    """

    def __init__(self, data: Path, port: int | None = None) -> None:
        self.folder = Folder(data.resolve())
        self._port = port
        self._keeper: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        """The port of the clients' listener; a free one is chosen at the first start."""
        if self._port is None:
            message = "a broker has no port before it was started"
            raise RuntimeError(message)
        return self._port

    @property
    def bootstrap(self) -> str:
        """What clients take as bootstrap server."""
        return f"{HOST}:{self.port}"

    @property
    def is_running(self) -> bool:
        """Whether its process is there."""
        return self._keeper is not None and self._keeper.poll() is None

    def start(self) -> None:
        """Start it and wait until it serves clients.

        Raises:
            Rejected: the port is taken, the data folder is in use or cannot be written, or the extra
                `local` is not installed.
            Fatal: the jars cannot be had, or Kafka ended while it started.
        """
        if self.is_running:
            return
        self.kill()  # what may be left of one that crashed
        java = java_command()
        for tries_left in reversed(range(PORT_TRIES)):
            port = self._port or free_ports(1)[0]
            try:
                self._launch(java, port)
            except _PortTakenError:
                # A free port, the controller's too, may have been taken in between; a given one stays taken.
                if not tries_left:
                    raise
            else:
                self._port = port
                return

    def _launch(self, java: list[str], port: int) -> None:
        lock = take(self.folder)
        try:
            if not is_free(port):
                raise _PortTakenError(port)
            properties = server_properties(LOGS, port, *free_ports(1))
            self.folder.properties.write_text(properties, encoding="ascii")
            said_before = self._spawn(java, lock)
        finally:
            os.close(lock)  # Kafka's processes hold it on
        try:
            self._wait_until_up(port, said_before)
        except BaseException:
            self.kill()
            raise
        announce(self.folder, f"{HOST}:{port}")

    def _spawn(self, java: list[str], lock: int) -> int:
        """Start the keeper with Kafka; give how long the log was before."""
        log = open_log(self.folder)
        try:
            if not self.folder.is_laid_out:
                lay_out(java, self.folder, log)
            said_before = os.fstat(log).st_size
            self._keeper = subprocess.Popen(
                [sys.executable, "-I", keeper.__file__, *java, "kafka.Kafka", self.folder.properties.name],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self.folder.path,
                env=java_environment(),
                pass_fds=(lock,),
                start_new_session=True,  # Ctrl-C is for the one who started it, who then stops it
            )
        finally:
            os.close(log)
        return said_before

    def _wait_until_up(self, port: int, said_before: int) -> None:
        patience = time.monotonic() + START_SECONDS
        while not answers(port):
            if self.is_running and time.monotonic() < patience:
                time.sleep(0.05)
                continue
            said = self.folder.log.read_bytes()[said_before:].decode("utf-8", "replace")
            if "Address already in use" in said:
                raise _PortTakenError(port)
            happened = "did not come up" if self.is_running else "ended while it started"
            message = f"Kafka {happened}; why stands in {self.folder.log}{_last_error(said)}"
            raise Fatal(message, code="broker_start")

    def stop(self) -> None:
        """Stop it cleanly, within half a minute at most."""
        if self._keeper is not None and self._keeper.stdin is not None:
            self._keeper.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                self._keeper.wait(STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self._keeper is None:
            return
        # The whole group, also when only the keeper is gone.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._keeper.pid, signal.SIGKILL)
        self._keeper.wait()
        if self._keeper.stdin is not None:
            self._keeper.stdin.close()
        self._keeper = None
        wait_until_released(self.folder)
        self.folder.address.unlink(missing_ok=True)

    def wait(self) -> int:
        """Wait until it ends, and give its exit code."""
        return 0 if self._keeper is None else self._keeper.wait()


@contextmanager
def running_broker(data: Path, port: int | None = None) -> Iterator[Broker]:
    """A broker that is up inside the `with`, and stopped cleanly after it. Raises what `start` raises."""
    broker = Broker(data, port)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


def _last_error(said: str) -> str:
    errors = [line for line in said.splitlines() if "Exception" in line or "Error" in line]
    return f" ({errors[-1].strip()})" if errors else ""
