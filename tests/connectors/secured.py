"""A real Kafka that is reached by SASL over TLS alone. Source: Apache Kafka 4.1 documentation, "Security"."""

import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from desk.broker import Broker, running_broker
from desk.broker import process as broker_process
from desk.broker.folder import Folder
from desk.broker.java import java_command, java_environment, new_cluster_id
from desk.broker.ports import free_ports
from desk.broker.settings import HOST, server_properties

USER, PASSWORD = "quayside", "opensesame"
STORE_PASSWORD = "made-up"


def _keytool(*options: str) -> None:
    command = [*java_command(), "-m", "java.base/sun.security.tools.keytool.Main", *options]
    subprocess.run(command, env=java_environment(), check=True, capture_output=True)


def _certify(folder: Path) -> tuple[Path, Path]:
    """Make a key with a certificate of its own for loopback: the broker's store, and what clients trust."""
    store, certificate = folder / "broker.p12", folder / "ca.pem"
    common = ["-alias", "broker", "-keystore", str(store), "-storepass", STORE_PASSWORD, "-storetype", "PKCS12"]
    names = ["-dname", "CN=broker", "-ext", f"SAN=IP:{HOST}", "-validity", "2"]
    _keytool("-genkeypair", "-keyalg", "RSA", "-keysize", "2048", *names, *common)
    _keytool("-exportcert", "-rfc", "-file", str(certificate), *common)
    return store, certificate


def _properties(store: Path, logs: str, port: int, controller_port: int) -> str:
    """The embedded broker's own settings, with the clients' listener secured; brokers talk on one that nobody knows."""
    (inner,) = free_ports(1)
    plain = server_properties(logs, inner, controller_port)
    secured = {
        "listeners": f"SASL_SSL://{HOST}:{port},PLAINTEXT://{HOST}:{inner},CONTROLLER://{HOST}:{controller_port}",
        "advertised.listeners": f"SASL_SSL://{HOST}:{port},PLAINTEXT://{HOST}:{inner}",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL",
        "inter.broker.listener.name": "PLAINTEXT",
        "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-512",
        "listener.name.sasl_ssl.plain.sasl.jaas.config": (
            f'org.apache.kafka.common.security.plain.PlainLoginModule required user_{USER}="{PASSWORD}";'
        ),
        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": (
            "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        ),
        "ssl.keystore.location": store,
        "ssl.keystore.password": STORE_PASSWORD,
        "ssl.keystore.type": "PKCS12",
    }
    kept = [line for line in plain.splitlines() if line.partition("=")[0] not in secured]
    return "\n".join([*kept, *(f"{name}={value}" for name, value in secured.items()), ""])


def _lay_out(java: list[str], folder: Folder, log: int) -> None:
    """Lay a cluster out that knows the user by SCRAM, too."""
    user = f"SCRAM-SHA-512=[name={USER},password={PASSWORD}]"
    command = [*java, "kafka.tools.StorageTool", "format", "-t", new_cluster_id(), "-c", folder.properties.name]
    subprocess.run(
        [*command, "--add-scram", user], stdout=log, stderr=log, cwd=folder.path, env=java_environment(), check=True
    )


def _shakes_hands(certificate: Path, port: int) -> bool:
    context = ssl.create_default_context(cafile=str(certificate))
    try:
        with socket.create_connection((HOST, port), 1.0) as plain, context.wrap_socket(plain, server_hostname=HOST):
            return True
    except OSError:
        return False


@contextmanager
def secured_broker(folder: Path) -> Iterator[tuple[Broker, Path]]:
    """A broker that takes no client without SASL and TLS, and the certificate that its clients are to trust."""
    folder.mkdir()
    store, certificate = _certify(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            broker_process, "server_properties", lambda logs, port, inner: _properties(store, logs, port, inner)
        )
        patch.setattr(broker_process, "lay_out", _lay_out)
        patch.setattr(broker_process, "answers", partial(_shakes_hands, certificate))
        with running_broker(folder / "kafka") as broker:
            yield broker, certificate
