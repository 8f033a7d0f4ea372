"""The broker's data folder: one broker at a time, its log, and where others find it.

- `broker.lock`: locked by the broker's processes, all of them; names the process that started it
- `broker.log`: what Kafka says; the previous one is `broker.log.1`
- `address`: host:port, while it is up
- `server.properties`: written anew at each start
- `log/`: Kafka's own data
"""

import fcntl
import os
import time
from dataclasses import dataclass
from pathlib import Path

from contracts.errors import Fatal, Rejected
from desk.broker.ports import answers

LOGS = "log"
LARGEST_LOG_BYTES = 10 * 1024 * 1024
# A broker whose starter was killed needs a moment to stop cleanly.
HANDOVER_SECONDS = 30.0


@dataclass(frozen=True)
class Folder:
    """The paths in a data folder."""

    path: Path

    @property
    def lock(self) -> Path:
        """Locked while a broker uses the folder."""
        return self.path / "broker.lock"

    @property
    def log(self) -> Path:
        """What Kafka says."""
        return self.path / "broker.log"

    @property
    def address(self) -> Path:
        """Where the broker listens, while it is up."""
        return self.path / "address"

    @property
    def properties(self) -> Path:
        """The broker's configuration."""
        return self.path / "server.properties"

    @property
    def is_laid_out(self) -> bool:
        """Whether Kafka has used this folder before."""
        return (self.path / LOGS / "meta.properties").exists()


def take(folder: Folder) -> int:
    """Lock the folder, making it if need be; give the lock's file descriptor, to be closed by the caller.

    Raises:
        Rejected: another broker uses the folder, or it cannot be written.
    """
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder.lock, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        message = f"the data folder {folder.path} cannot be used: {error.strerror}"
        raise Rejected(message, code="broker_folder") from error
    patience = time.monotonic() + HANDOVER_SECONDS
    while not _lock(descriptor):
        owner = os.pread(descriptor, 20, 0).decode("ascii").strip()
        if _is_alive(owner) or time.monotonic() > patience:
            os.close(descriptor)
            message = f"another broker uses the data folder {folder.path} (started by process {owner or '?'})"
            raise Rejected(message, code="broker_folder")
        time.sleep(0.1)
    os.truncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
    folder.address.unlink(missing_ok=True)
    return descriptor


def wait_until_released(folder: Folder) -> None:
    """Wait until no process of a broker that was told to end is left; a moment, for the kernel.

    Raises:
        Fatal: it is still there after half a minute.
    """
    patience = time.monotonic() + HANDOVER_SECONDS
    descriptor = os.open(folder.lock, os.O_RDWR)
    try:
        while not _lock(descriptor):
            if time.monotonic() > patience:
                message = f"the broker on {folder.path} does not end"
                raise Fatal(message, code="broker_end")
            time.sleep(0.01)
    finally:
        os.close(descriptor)


def announce(folder: Folder, address: str) -> None:
    """Let others find the broker; all at once, so that nobody reads half an address."""
    unfinished = folder.address.with_suffix(".new")
    unfinished.write_text(f"{address}\n", encoding="ascii")
    unfinished.replace(folder.address)


def find_running(data: Path) -> str | None:
    """Give the address, host:port, of the broker that is up on this data folder, if one is."""
    try:
        address = Folder(data).address.read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError):  # the latter is told by whoever takes the folder
        return None
    # Asked, since a broker that was killed leaves its address behind.
    return address if answers(int(address.rpartition(":")[2])) else None


def open_log(folder: Folder) -> int:
    """Open the log for appending; a large one is put aside first. The caller closes the descriptor."""
    if folder.log.exists() and folder.log.stat().st_size > LARGEST_LOG_BYTES:
        folder.log.replace(folder.log.with_suffix(".log.1"))
    return os.open(folder.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_alive(owner: str) -> bool:
    if not owner:
        return False
    try:
        os.kill(int(owner), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
