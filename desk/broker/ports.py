"""Ports of this machine's loopback, and whether Kafka answers on one."""

import socket
import struct

from desk.broker.settings import HOST

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
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((HOST, 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def answers(port: int) -> bool:
    """Whether a Kafka broker serves requests on this port."""
    try:
        with socket.create_connection((HOST, port), timeout=1.0) as connection:
            connection.sendall(API_VERSIONS)
            answer = connection.recv(8)
    except OSError:
        return False
    return len(answer) == struct.calcsize(">ii") and struct.unpack(">ii", answer)[1] == CORRELATION
