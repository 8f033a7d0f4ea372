"""The embedded broker is a real Kafka that keeps what it was given, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from contracts.errors import Fatal, Rejected
from desk.broker import Broker, find_running, running_broker
from desk.broker.java import new_cluster_id
from desk.broker.ports import free_ports, is_free
from tests.desk.broker.waiting import has_ended, until

pytestmark = pytest.mark.broker


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker that these tests may stop and kill."""
    with running_broker(tmp_path_factory.mktemp("own")) as running:
        yield running


@pytest.fixture
def up(own: Broker) -> Broker:
    own.start()
    return own


async def create(bootstrap: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
    finally:
        await admin.close()


async def write(bootstrap: str, topic: str, value: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all") as producer:
        await producer.send_and_wait(topic, value)


async def read(bootstrap: str, topic: str) -> list[bytes | None]:
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest") as consumer:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        end = (await consumer.end_offsets([partition]))[partition]
        return [(await consumer.getone()).value for _ in range(end)]


def kafka_of(process: psutil.Process) -> psutil.Process:
    (java,) = [child for child in process.children(recursive=True) if child.name() == "java"]
    return java


def kafka_in(broker: Broker) -> psutil.Process:
    """The Kafka of this broker: the test run has others as children, and each works in its own data folder."""
    running = [child for child in psutil.Process().children(recursive=True) if child.name() == "java"]
    (java,) = [child for child in running if Path(child.cwd()) == broker.folder.path]
    return java


async def test_what_was_acknowledged_outlives_a_stop_and_a_kill(up: Broker) -> None:
    before = up.bootstrap
    await create(up.bootstrap, "kept")
    for end, value in ((up.stop, b"stopped"), (up.kill, b"killed")):
        await write(up.bootstrap, "kept", value)
        end()
        assert not up.is_running
        up.start()
    assert up.bootstrap == before
    assert await read(up.bootstrap, "kept") == [b"stopped", b"killed"]


def test_a_broker_that_is_up_is_found_on_its_folder(up: Broker) -> None:
    assert find_running(up.folder.path) == up.bootstrap
    up.kill()
    assert find_running(up.folder.path) is None


def test_starting_what_runs_changes_nothing(up: Broker) -> None:
    java = kafka_in(up)
    up.start()
    assert kafka_in(up) == java


def test_only_loopback_is_listened_on(up: Broker) -> None:
    listening = [c.laddr for c in kafka_in(up).net_connections("inet") if c.status == "LISTEN"]
    assert up.port in {address.port for address in listening}
    assert {address.ip.removeprefix("::ffff:") for address in listening} == {"127.0.0.1"}


def test_a_second_broker_on_the_same_data_is_refused(up: Broker) -> None:
    with pytest.raises(Rejected, match="another broker uses the data folder"):
        Broker(up.folder.path).start()
    assert up.is_running


def test_a_taken_port_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(Rejected, match=f"port {port} is taken by another process"):
            Broker(tmp_path, port).start()


def test_a_killed_keeper_leaves_no_kafka_behind(up: Broker) -> None:
    java = kafka_in(up)
    java.parent().kill()
    until(lambda: not up.is_running, "the broker noticed")
    up.stop()
    assert has_ended(java)


def test_what_is_left_of_a_crash_does_not_hinder_the_next_start(up: Broker) -> None:
    java = kafka_in(up)
    java.parent().kill()
    until(lambda: not up.is_running, "the broker noticed")
    up.start()
    assert has_ended(java)
    assert find_running(up.folder.path) == up.bootstrap


def test_no_cluster_id_begins_like_an_option() -> None:
    """One UUID in 64 does in base64, and Kafka's storage tool then reads an option."""
    made = iter([uuid.UUID(bytes=b"\xf8" + bytes(15)), uuid.UUID(bytes=bytes(16))])
    assert new_cluster_id(lambda: next(made)) == "A" * 22


def test_a_kafka_that_cannot_start_says_where_the_reason_stands(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "meta.properties").write_text("version=99\n")
    with pytest.raises(Fatal, match=r"Kafka ended while it started; why stands in .*broker\.log \(.*\)"):
        Broker(tmp_path).start()


@contextmanager
def command(data: Path, *options: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """`quayside broker`, up."""
    quayside = Path(sys.executable).with_name("quayside")
    with subprocess.Popen(
        [quayside, "broker", "--data", data, *options], stdout=subprocess.PIPE, text=True, env=os.environ | environment
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("Kafka is up at 127.0.0.1:")
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with command(tmp_path) as process:
        java = kafka_of(psutil.Process(process.pid))
        process.send_signal(number)
        assert process.stdout is not None
        assert process.stdout.read() == "Kafka has stopped.\n"
        assert process.wait(10) == 0
    assert has_ended(java)
    assert (tmp_path / "log" / ".kafka_cleanshutdown").exists()


def test_it_needs_nothing_of_the_machine_and_minds_no_odd_folder(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    data = tmp_path / "数据, first"
    odd = {"PATH": str(tmp_path), "JAVA_HOME": str(tmp_path), "JAVA_TOOL_OPTIONS": "-Xmx1k", "LC_ALL": "C"}
    with command(data, "--port", str(port), **odd):
        assert find_running(data) == f"127.0.0.1:{port}"
    assert (data / "log" / "meta.properties").exists()


def test_it_dies_with_a_starter_that_is_killed_and_its_folder_can_be_used_at_once(tmp_path: Path) -> None:
    with command(tmp_path) as process:
        java = kafka_of(psutil.Process(process.pid))
        address = find_running(tmp_path)
        assert address is not None
        process.kill()
        process.wait()
        with running_broker(tmp_path):
            assert has_ended(java)
    assert is_free(int(address.rpartition(":")[2]))
