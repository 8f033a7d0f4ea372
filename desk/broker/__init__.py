"""A real single-node Apache Kafka as a child process, from pip packages alone.

    with running_broker(Path("state/broker")) as broker:
        ...  # broker.bootstrap is "127.0.0.1:PORT"

It keeps its data in the folder, listens on loopback only, and ends with the process that started it,
however that one ends.
"""

from desk.broker.folder import find_running
from desk.broker.process import Broker, running_broker

__all__ = ["Broker", "find_running", "running_broker"]
