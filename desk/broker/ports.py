"""Ports of this machine's loopback, and whether Kafka answers on one."""

import random
import socket
import struct
from itertools import islice

from desk.broker.settings import HOST

# Below those that Linux (from 32768) and macOS (from 49152) give to outgoing connections: one of these
# could take a port between our choice and Kafka's start.
CHOSEN_FROM = range(20000, 32000)
CORRELATION = 4711
# Kafka protocol guide, "ApiVersions Request" version 0: size, API key 18, version 0, correlation id and no
# client id. A broker answers it when it serves clients, not already when it listens.
API_VERSIONS = struct.pack(">ihhih", 10, 18, 0, CORRELATION, -1)


def is_free(port: int) -> bool:
    """Whether a server could listen on this port now."""
    with socket.socket() as probe:
        # As Kafka does; else a connection that was just closed counts as a listener.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """Different ports on which nothing listens."""
    # Not the seeded one: two processes that choose at once must differ.
    candidates = random.SystemRandom().sample(CHOSEN_FROM, len(CHOSEN_FROM))
    return list(islice(filter(is_free, candidates), count))


def answers(port: int) -> bool:
    """Whether a Kafka broker serves requests on this port."""
    try:
        with socket.create_connection((HOST, port), timeout=1.0) as connection:
            connection.sendall(API_VERSIONS)
            answer = connection.recv(8)
    except OSError:
        return False
    return len(answer) == struct.calcsize(">ii") and struct.unpack(">ii", answer)[1] == CORRELATION
