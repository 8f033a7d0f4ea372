"""Apache Kafka's jars, fetched once for a user, each one checked against the checksum in kafka.lock.

jgo speaks to a Maven repository in Python, so neither Java nor Maven need be there for it. Which jars
belong together is resolved by the developer (`python -m desk.broker.jars > desk/broker/kafka.lock`), not
on the user's machine: a start needs no resolution, and nobody runs a jar that was not reviewed.
"""

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import requests
from jgo.maven import MavenContext, PythonResolver
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_exponential

from contracts.errors import Fatal

KAFKA_VERSION = "4.1.0"
# slf4j-simple, since log4j's binding drags kafka-clients back to 3.8.
ROOTS = (f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}", "org.slf4j:slf4j-simple:1.7.36")
DOWNLOADS_AT_ONCE = 6
# jgo says RuntimeError for every answer that is not 200.
MAY_PASS = (requests.RequestException, RuntimeError)


@dataclass(frozen=True)
class Jar:
    """One line of the lock: Maven coordinate `group:artifact:version`, SHA-256 in hex, size in bytes."""

    coordinate: str
    sha256: str
    size: int

    @property
    def filename(self) -> str:
        """The file's name in a Maven repository."""
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"

    def is_in(self, folder: Path) -> bool:
        """Whether the folder has this jar, byte for byte."""
        path = folder / self.filename
        return path.is_file() and path.stat().st_size == self.size and _sha256(path) == self.sha256


def read_lock() -> list[Jar]:
    """All jars that make up the broker, in the class path's order."""
    lines = files("desk.broker").joinpath("kafka.lock").read_text(encoding="ascii").splitlines()
    fields = [line.split() for line in lines if line and not line.startswith("#")]
    return [Jar(coordinate, sha256, int(size)) for coordinate, sha256, size in fields]


def cache_folder() -> Path:
    """Where the jars are kept for all of this user's projects (XDG base directories)."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches, "quayside", f"kafka-{KAFKA_VERSION}")


def fetch_jars(folder: Path | None = None) -> list[Path]:
    """Give the paths of Kafka's jars, downloading those that are missing or damaged.

    Progress goes to standard error, and only when something is downloaded.

    Raises:
        Fatal: a jar cannot be downloaded, or what was downloaded is not what the lock says.
    """
    folder = folder or cache_folder()
    jars = read_lock()
    missing = [jar for jar in jars if not jar.is_in(folder)]
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        with _download_progress(sum(jar.size for jar in missing)) as progress:
            _download_all(missing, folder, progress)
    return [folder / jar.filename for jar in jars]


@contextmanager
def _download_progress(size: int) -> Iterator[PythonResolver]:
    """A resolver that shows the bytes of all its downloads in one bar."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(f"downloading Apache Kafka {KAFKA_VERSION}", total=size)

        @contextmanager
        def advance(_filename: str, _size: int) -> Iterator[Callable[[int], None]]:
            yield lambda count: progress.advance(task, count)

        yield PythonResolver(progress_callback=advance)


def _download_all(jars: list[Jar], folder: Path, resolver: PythonResolver) -> None:
    # Elsewhere first, then renamed: jgo leaves a torn file behind when it is stopped, and two processes
    # may be fetching at once.
    with (
        tempfile.TemporaryDirectory(dir=folder, prefix="download-") as downloads,
        ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool,
    ):
        for _ in pool.map(lambda jar: _download(jar, folder, Path(downloads), resolver), jars):
            pass


def _download(jar: Jar, folder: Path, downloads: Path, resolver: PythonResolver) -> None:
    try:
        found = _request(jar, downloads, resolver)
    except (*MAY_PASS, OSError) as error:
        message = (
            f"{jar.filename} of Apache Kafka {KAFKA_VERSION} could not be downloaded ({type(error).__name__}); "
            "look at the network, or name a broker of your own in QUAYSIDE_BROKER"
        )
        raise Fatal(message, code="broker_jars") from error
    if (digest := _sha256(found)) != jar.sha256:
        message = f"{jar.filename} was downloaded with SHA-256 {digest}, but {jar.sha256} is expected"
        raise Fatal(message, code="broker_jars")
    found.replace(folder / jar.filename)


@retry(retry=retry_if_exception_type(MAY_PASS), stop=stop_after_attempt(3), wait=wait_exponential(max=5), reraise=True)
def _request(jar: Jar, downloads: Path, resolver: PythonResolver) -> Path:
    # A repository of its own for each try: in the last one's, jgo would take the torn file for the jar.
    context = MavenContext(resolver=resolver, repo_cache=Path(tempfile.mkdtemp(dir=downloads)))
    return context.create_dependency(jar.coordinate).artifact.resolve()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_lock() -> None:
    """Resolve the roots afresh and print the lock."""
    with tempfile.TemporaryDirectory() as repository:
        context = MavenContext(resolver=PythonResolver(), repo_cache=Path(repository))
        inputs, transitive = context.resolver.resolve([context.create_dependency(root) for root in ROOTS])
        sys.stdout.write("# Apache Kafka's jars: coordinate, SHA-256, bytes. Written by desk.broker.jars.\n")
        for artifact in (dependency.artifact for dependency in (*inputs, *transitive)):
            path = artifact.resolve()
            coordinate = f"{artifact.groupId}:{artifact.artifactId}:{artifact.version}"
            sys.stdout.write(f"{coordinate} {_sha256(path)} {path.stat().st_size}\n")


if __name__ == "__main__":
    _write_lock()
