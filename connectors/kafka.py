"""Kafka's clients and topics: how we connect, how we write, and what the topics must look like.

Every client of ours, in each role, is made from `client_settings`; every producer by `producer`.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaConnectionError, KafkaError, for_code
from aiokafka.helpers import create_ssl_context

from connectors.unreachable import why_unreachable
from contracts.errors import Fatal, Rejected
from contracts.settings import KafkaSettings
from contracts.topics import DEAD_LETTER_LIMIT, TOPICS, Topic

BATCH_BYTES = 512 * 1024
"""A batch's size before compression: with one whole record more it stays below any topic's limit."""

_REQUEST_ENDS_SECONDS = 1.0
"""How long a request that was sent to a broker which is away may take to say so."""

_TOPIC_EXISTS = 36
_VISIBLE_SECONDS = 30.0


def client_settings(kafka: KafkaSettings, client: str) -> dict[str, Any]:
    """Give the keyword arguments that every aiokafka client takes: where, who, and how it is secured.

    Raises Rejected where no broker is named, or a secret or certificate is missing.
    """
    if kafka.bootstrap is None:
        raise Rejected("no broker is configured: kafka.bootstrap, or QUAYSIDE_BROKER", code="no_broker")
    settings: dict[str, Any] = {
        "bootstrap_servers": kafka.bootstrap,
        "client_id": f"{kafka.prefix}-{client}",
        "security_protocol": kafka.security_protocol,
    }
    if kafka.security_protocol.endswith("SSL"):
        try:
            settings["ssl_context"] = create_ssl_context(
                cafile=kafka.ssl_cafile and str(kafka.ssl_cafile),
                certfile=kafka.ssl_certfile and str(kafka.ssl_certfile),
                keyfile=kafka.ssl_keyfile and str(kafka.ssl_keyfile),
            )
        except OSError as error:
            raise Rejected(f"the broker's certificates cannot be read: {error}", code="bad_certificate") from error
    if kafka.sasl_mechanism is not None and kafka.sasl_password is not None:
        settings["sasl_mechanism"] = kafka.sasl_mechanism
        settings["sasl_plain_username"] = kafka.sasl_username
        settings["sasl_plain_password"] = kafka.sasl_password.read()
    return settings


def producer(kafka: KafkaSettings, client: str, **settings: Any) -> AIOKafkaProducer:  # noqa: ANN401 - aiokafka's own
    """Make a producer whose writes are durable when they are answered, and neither doubled nor reordered by retries.

    Its placement of keys is murmur2, as everywhere.
    """
    return AIOKafkaProducer(
        **client_settings(kafka, client),
        acks="all",
        enable_idempotence=True,
        compression_type="zstd",
        max_batch_size=BATCH_BYTES,
        max_request_size=2 * DEAD_LETTER_LIMIT,
        **settings,
    )


async def close(producer: AIOKafkaProducer, patience: float = 8.0) -> bool:
    """Flush and close a producer within `patience` seconds, else leave it unflushed; tells whether it was flushed.

    An idempotent producer would wait for a lost broker for ever.
    """
    stopping = asyncio.create_task(producer.stop())
    done, _ = await asyncio.wait({stopping}, timeout=patience)
    if done:
        return stopping.exception() is None
    if producer._sender is not None:  # noqa: SLF001 - the only way to end its task while the broker is away
        await _end(producer._sender.sender_task)  # noqa: SLF001
    stopping.cancel()
    with suppress(asyncio.CancelledError):
        await stopping
    await producer.client.close()
    return False


async def _end(sending: asyncio.Task[None]) -> None:
    """End a producer's sending. Cancelled, it awaits its requests, and that of a transaction is repeated for ever.

    Cancelled again, it passes that on to the request that it awaits.
    """
    while not sending.done():
        sending.cancel()
        await asyncio.wait({sending}, timeout=_REQUEST_ENDS_SECONDS)


@dataclass(frozen=True, slots=True)
class TopicState:
    """A declared topic beside what the broker has: `differences` is empty where they agree, or it is `missing`."""

    topic: Topic
    name: str
    missing: bool
    partitions: int
    differences: tuple[str, ...] = ()


async def show_topics(kafka: KafkaSettings, topics: Iterable[Topic] = TOPICS) -> list[TopicState]:
    """Compare every declared topic with the broker's. Raises Fatal where the broker cannot be reached."""
    async with _admin(kafka) as admin:
        return await _compare(admin, kafka, list(topics))


async def expect_topics(kafka: KafkaSettings, topics: Iterable[Topic]) -> None:
    """Raise Fatal where a topic is missing or the broker cannot be reached, Rejected where one is not as declared."""
    found = await show_topics(kafka, topics)
    refuse_missing(state.name for state in found if state.missing)
    refuse_contradictions(found)


async def create_topics(kafka: KafkaSettings, topics: Iterable[Topic] = TOPICS) -> list[TopicState]:
    """Create the declared topics that are missing; give all as they then are.

    Raises Rejected, with every difference spelled out and nothing created, where an existing topic contradicts its
    declaration; Fatal where the broker cannot be reached or refuses.
    """
    async with _admin(kafka) as admin:
        found = await _compare(admin, kafka, list(topics))
        refuse_contradictions(found)
        if missing := [state for state in found if state.missing]:
            await _create(admin, kafka, missing)
            found = await _visible(admin, kafka, list(topics))
            refuse_contradictions(found)
        return found


def refuse_missing(names: Iterable[str]) -> None:
    """Raise Fatal, naming them and what makes them, where there are names of topics that the broker does not have."""
    found = sorted(names)
    if len(found) == 1:
        raise Fatal(f"the topic {found[0]} is missing: `quayside topics` makes it", code="topics_missing")
    if found:
        raise Fatal(f"the topics {', '.join(found)} are missing: `quayside topics` makes them", code="topics_missing")


def refuse_contradictions(states: Iterable[TopicState]) -> None:
    """Raise Rejected, naming all differences, where an existing topic is not as declared."""
    differences = [f"{state.name}: {difference}" for state in states for difference in state.differences]
    if differences:
        raise Rejected(
            "existing topics contradict their declaration: " + "; ".join(differences), code="topic_contradiction"
        )


def partitions_of(topic: Topic, kafka: KafkaSettings) -> int:
    """Say how many partitions a topic is declared to have."""
    return 1 if topic.single else kafka.partitions


@asynccontextmanager
async def _admin(kafka: KafkaSettings) -> AsyncIterator[AIOKafkaAdminClient]:
    settings = client_settings(kafka, "admin")
    admin = AIOKafkaAdminClient(**settings)
    try:
        await admin.start()
    except KafkaConnectionError as error:
        raise Fatal(await why_unreachable(settings), code="broker_unreachable") from error
    try:
        yield admin
    except KafkaError as error:
        raise Fatal(f"the broker refused: {error}", code="broker_refused") from error
    finally:
        await admin.close()


async def _create(admin: AIOKafkaAdminClient, kafka: KafkaSettings, missing: list[TopicState]) -> None:
    new = [
        NewTopic(
            state.name,
            partitions_of(state.topic, kafka),
            kafka.replication,
            topic_configs=state.topic.configuration(),
        )
        for state in missing
    ]
    response = await admin.create_topics(new)
    for name, code, reason in (error[:3] for error in response.topic_errors):
        if code not in {0, _TOPIC_EXISTS}:
            raise Fatal(f"the broker does not create {name}: {reason or for_code(code).__name__}", code="topic_refused")


async def _visible(admin: AIOKafkaAdminClient, kafka: KafkaSettings, topics: list[Topic]) -> list[TopicState]:
    """Compare once the broker knows of all topics: it learns of a new one a little later than its controller."""
    try:
        async with asyncio.timeout(_VISIBLE_SECONDS):
            while True:
                found = await _compare(admin, kafka, topics)
                if not any(state.missing for state in found):
                    return found
                await asyncio.sleep(0.05)
    except TimeoutError as error:
        raise Fatal("the broker does not show the topics that it has made", code="topic_refused") from error


async def _compare(admin: AIOKafkaAdminClient, kafka: KafkaSettings, topics: list[Topic]) -> list[TopicState]:
    names = {kafka.topic(topic.name): topic for topic in topics}
    there = {entry["topic"]: entry["partitions"] for entry in await admin.describe_topics(None)}
    held = [name for name in names if name in there]
    configured = await _configurations(admin, held)
    return [
        TopicState(
            topic,
            name,
            missing=name not in there,
            partitions=len(there.get(name, ())) or partitions_of(topic, kafka),
            differences=tuple(_differences(topic, kafka, there[name], configured[name])) if name in there else (),
        )
        for name, topic in names.items()
    ]


def _differences(
    topic: Topic, kafka: KafkaSettings, partitions: list[dict[str, Any]], configured: Mapping[str, str]
) -> Iterable[str]:
    declared = partitions_of(topic, kafka)
    if len(partitions) != declared:
        yield f"it has {len(partitions)} partitions, declared are {declared}"
    replication = min(len(partition["replicas"]) for partition in partitions)
    if replication < kafka.replication:
        yield f"it is replicated {replication} times, declared are {kafka.replication}"
    for setting, value in topic.configuration().items():
        if configured.get(setting) != value:
            yield f"its {setting} is {configured.get(setting)}, declared is {value}"


async def _configurations(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, dict[str, str]]:
    if not names:
        return {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    found: dict[str, dict[str, str]] = {}
    for response in await admin.describe_configs(resources):
        for code, reason, _, name, entries in response.resources:
            if code:
                raise Fatal(f"the broker does not describe {name}: {reason}", code="topic_refused")
            found[name] = {entry[0]: entry[1] for entry in entries}
    return found
