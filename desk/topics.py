"""The topics as a table for people."""

from collections.abc import Iterable

from rich.table import Table

from connectors.kafka import TopicState, partitions_of
from contracts.settings import KafkaSettings
from contracts.topics import Topic


def table(states: Iterable[TopicState], kafka: KafkaSettings) -> Table:
    """Show each declared topic with its key, size and lifetime, and how the broker's differs from it."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("topic", "partitions", "kept", "key", "on the broker"):
        shown.add_column(column, overflow="fold", justify="right" if column == "partitions" else "left")
    for state in states:
        partitions = str(partitions_of(state.topic, kafka))
        shown.add_row(state.name, partitions, kept(state.topic), state.topic.key, _standing(state))
    return shown


def kept(topic: Topic) -> str:
    """Say how long a record stays."""
    return "newest of each key" if topic.compacted else f"{topic.retention.days} days"


def _standing(state: TopicState) -> str:
    if state.missing:
        return "missing"
    return "; ".join(state.differences) or "as declared"
