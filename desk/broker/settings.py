"""How a single node of Apache Kafka is set up: KRaft, loopback only, small.

Source of the names: Apache Kafka 4.1 documentation, "Broker Configs".
"""

HOST = "127.0.0.1"
# About 150 MB at rest; the heap grows to its limit only under load.
JVM_OPTIONS = (
    "-Xms64m",
    "-Xmx512m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
    # A JVM without memory would limp along; the supervisor can only start a dead one again.
    "-XX:+ExitOnOutOfMemoryError",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
)


def server_properties(logs: str, port: int, controller_port: int) -> str:
    """The broker's configuration file: broker and controller in one process, both on loopback.

    logs: folder of Kafka's data, relative to its working directory: Kafka takes a comma in it for a list, and
    Java reads the file as Latin-1.

    auto.create.topics.enable is off, because a topic made by accident has the wrong number of partitions.
    broker.session.timeout.ms is how long a killed broker's next start waits for its own old registration.
    group.min.session.timeout.ms lets a worker choose how soon its death is noticed.
    """
    settings = {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@{HOST}:{controller_port}",
        "listeners": f"PLAINTEXT://{HOST}:{port},CONTROLLER://{HOST}:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://{HOST}:{port}",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "log.dirs": logs,
        "auto.create.topics.enable": "false",
        "broker.heartbeat.interval.ms": 500,
        "broker.session.timeout.ms": 4000,
        "group.initial.rebalance.delay.ms": 0,
        "group.min.session.timeout.ms": 1000,
        "log.cleaner.dedupe.buffer.size": 2097152,
        "num.io.threads": 4,
        "num.network.threads": 2,
        "offsets.topic.num.partitions": 4,
        "offsets.topic.replication.factor": 1,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        "transaction.state.log.min.isr": 1,
        "transaction.state.log.num.partitions": 4,
        "transaction.state.log.replication.factor": 1,
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())
