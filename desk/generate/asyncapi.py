"""The AsyncAPI 3.0 document: topics as channels, event types as messages, what each role sends and receives.

Source: AsyncAPI Specification 3.0.0; its Kafka bindings 0.5.0.
"""

from importlib.metadata import version
from typing import Any

from connectors.polling.memory import MARK_TYPE
from contracts.events import EVENT_TYPES
from contracts.raw import RAW_TYPE
from contracts.settings import KafkaSettings, Settings
from contracts.ticks import TICK_TYPE
from contracts.topics import MARKS, SNAPSHOTS, STAGES, TOPICS, Topic
from desk.generate.schemas import shared_schemas
from streams.worker import stages_of

Json = dict[str, Any]
_BINDING = "0.5.0"
_SENDERS = {"every stage": STAGES}
"""Who is meant where a topic's declaration names its writers together."""
_WORDS = {
    TICK_TYPE: "Time that arrives as a record: null key, explicit partition, one in each partition.",
    RAW_TYPE: "A request, poll reading or file as it came, byte for byte; its envelope says from whom.",
    MARK_TYPE: "How far a poller has read its account, and what it has sent of each document.",
}


def asyncapi() -> Json:
    """Give the whole document, with the topics' names under the default prefix."""
    kafka = KafkaSettings()
    schemas, definitions = shared_schemas("#/components/schemas/{model}")
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Quayside",
            "version": version("quayside"),
            "description": (
                "The topics of Quayside. Events are CloudEvents 1.0 in the Kafka binary binding. "
                "Delivery is at least once; snapshots carry a stamp by which a reader tells the newer one."
            ),
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {topic.name: _channel(topic, kafka) for topic in TOPICS},
        "operations": _operations(),
        "components": {
            "messages": {name: _message(name) for name in sorted({*schemas, RAW_TYPE})},
            "messageTraits": {"envelope": _envelope()},
            "schemas": {**dict(sorted(schemas.items())), **dict(sorted(definitions.items()))},
        },
    }


def _channel(topic: Topic, kafka: KafkaSettings) -> Json:
    configuration = topic.configuration()
    limits: Json = {"cleanup.policy": [configuration["cleanup.policy"]]}
    if "retention.ms" in configuration:
        limits["retention.ms"] = int(configuration["retention.ms"])
    limits["max.message.bytes"] = int(configuration["max.message.bytes"])
    return {
        "address": kafka.topic(topic.name),
        "title": topic.name,
        "description": f"Key: {topic.key}. Written by: {topic.owner}.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in topic.schemas},
        "bindings": {
            "kafka": {
                "topic": kafka.topic(topic.name),
                "partitions": 1 if topic.single else kafka.partitions,
                "replicas": kafka.replication,
                "topicConfiguration": limits,
                "bindingVersion": _BINDING,
            }
        },
    }


def _message(name: str) -> Json:
    words = _WORDS.get(name) or str(EVENT_TYPES[name].__doc__).split("\n\n")[0]
    message: Json = {"name": name, "title": name, "summary": " ".join(words.split())}
    if name == RAW_TYPE:
        message["contentType"] = "application/octet-stream"
    else:
        message["payload"] = {"$ref": f"#/components/schemas/{name}"}
    message["traits"] = [{"$ref": "#/components/messageTraits/envelope"}]
    return message


def _envelope() -> Json:
    """Headers of the binary binding: CloudEvents Kafka Protocol Binding 1.0.2, section 3.2."""
    text, instant = {"type": "string"}, {"type": "string", "format": "date-time"}
    return {
        "headers": {
            "type": "object",
            "properties": {
                "ce_specversion": {"type": "string", "const": "1.0"},
                "ce_id": text,
                "ce_type": text,
                "ce_source": text,
                "ce_time": instant,
                "ce_receivedat": instant,
                "ce_origin": {"type": "string", "description": "TOPIC/PARTITION/OFFSET of the raw record."},
                "ce_through": {"type": "string", "description": "EPOCH.OFFSET up to which the writer has read."},
                "ce_asof": {**instant, "description": "The instant for which the record was computed."},
                "traceparent": {"type": "string", "description": "W3C Trace Context."},
            },
            "required": ["ce_type"],
        },
        "bindings": {"kafka": {"key": {"type": "string"}, "bindingVersion": _BINDING}},
    }


def _operations() -> Json:
    sources = {stage.name: stage.source for stage in stages_of(Settings())}
    receiving = [*sources.items(), ("dispatch", SNAPSHOTS), ("pollers", MARKS)]
    sending = [(sender, topic) for topic in TOPICS for sender in _senders(topic)]
    restoring = [(topic.owner, topic) for topic in TOPICS if topic.changelog]
    found = {}
    for action, pairs in (("receive", receiving + restoring), ("send", sending)):
        for who, topic in pairs:
            found[f"{who}.{action}.{topic.name}"] = {
                "action": action,
                "channel": {"$ref": f"#/channels/{topic.name}"},
                "title": f"{who} {'reads' if action == 'receive' else 'writes'} {topic.name}",
                "tags": [{"name": who}],
            }
    return dict(sorted(found.items()))


def _senders(topic: Topic) -> tuple[str, ...]:
    return _SENDERS.get(topic.owner) or tuple(topic.owner.split(", "))
