"""Quix Streams with state and changelog, as its documentation has it. Runs in an environment of its own."""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from place import Headers, envelope, place  # type: ignore[import-not-found]
from quixstreams import Application, State, message_context  # type: ignore[import-not-found]
from quixstreams.models import TopicConfig  # type: ignore[import-not-found]

where = place()
app = Application(
    broker_address=where.bootstrap,
    consumer_group=f"{where.prefix}.worker",
    auto_offset_reset="earliest",
    state_dir=where.state,
    commit_interval=1.0,
    loglevel="WARNING",
    producer_extra_config={"compression.type": "zstd", "acks": "all", "enable.idempotence": True},
)
config = TopicConfig(num_partitions=where.partitions, replication_factor=1)
source = app.topic(where.source, key_deserializer="bytes", value_deserializer="bytes", config=config)
output = app.topic(where.output, key_serializer="bytes", value_serializer="bytes", config=config)


def count(_value: bytes, state: "State") -> bytes:
    """Count a key's events, and say how many they are."""
    number: int = state.get("count", 0) + 1
    state.set("count", number)
    return b"%d" % number


def enclose(number: bytes, _key: bytes, _timestamp: int, headers: "Headers") -> "Headers":
    """Write the output's envelope."""
    where = message_context()
    written: Headers = envelope(dict(headers), where.topic, where.partition, where.offset, number)
    return written


frame: Any = app.dataframe(source)
frame = frame.apply(count, stateful=True).set_headers(enclose).to_topic(output)

if __name__ == "__main__":
    app.run()
