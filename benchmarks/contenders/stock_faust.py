"""Stock Faust with a table, as its documentation has it: an agent that counts and sends."""

import sys

from benchmarks.contenders.place import envelope, place

where = place()
sys.argv = ["faust", "worker", "--without-web", "-l", "info"]

import faust  # noqa: E402  (Faust reads the arguments when it is imported)

app = faust.App(
    f"{where.prefix}.worker",
    broker=f"kafka://{where.bootstrap}",
    datadir=where.state,
    store="memory://",
    topic_partitions=where.partitions,
    topic_disable_leader=True,
    autodiscover=False,
    key_serializer="raw",
    value_serializer="raw",
    web_enabled=False,
    broker_commit_interval=1.0,
    broker_session_timeout=10.0,
    broker_heartbeat_interval=1.0,
    broker_request_timeout=20.0,
)
source = app.topic(where.source, key_type=bytes, value_type=bytes)
output = app.topic(where.output, key_type=bytes, value_type=bytes)
counts = app.Table("counting", partitions=where.partitions, key_type=bytes, value_type=bytes)


@app.agent(source)
async def count(stream: faust.StreamT[bytes]) -> None:
    """Count a key's events, and say how many they are."""
    async for event in stream.events():
        key, message = event.key, event.message
        number = b"%d" % (int(counts.get(key, b"0")) + 1)
        counts[key] = number
        headers = envelope(event.headers, message.topic, message.partition, message.offset, number)
        await output.send(key=key, value=number, headers=headers)


if __name__ == "__main__":
    app.main()
