"""Where a system that was set up once is kept, so that each test run only copies it."""

import fcntl
import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

STATE = Path(__file__).parents[2] / ".quayside" / "systems"


def fingerprint(*sources: Path) -> str:
    """A short name for what an installation is made from: when a source changes, it is made anew."""
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()[:12]


@contextmanager
def one_at_a_time(state: Path = STATE) -> Iterator[Path]:
    """Hold the state folder, so that two test runs do not set up the same system at once."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield state


def made_once(state: Path, name: str, version: str, make: Callable[[Path], None]) -> Path:
    """The folder `name-version`, filled by `make` unless it is there; other versions of it are thrown away.

    `make` fills the folder in place, because virtual environments and site files contain their own path.
    What an interrupted `make` left is thrown away first.
    """
    folder = state / f"{name}-{version}"
    ready = folder / ".ready"
    if not ready.exists():
        for other in state.glob(f"{name}-*"):
            shutil.rmtree(other)
        folder.mkdir(parents=True)
        make(folder)
        ready.touch()
    return folder
