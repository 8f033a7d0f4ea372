"""The topics as a table for people."""

from collections.abc import Iterable
from typing import Literal

from rich.table import Table

from connectors.kafka import TopicState, partitions_of
from contracts.settings import KafkaSettings
from contracts.topics import Topic


def table(states: Iterable[TopicState], kafka: KafkaSettings) -> Table:
    """Show each declared topic, its name whole, with its key, size and lifetime, and how the broker's differs."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("topic", "partitions", "kept", "key", "on the broker"):
        justify: Literal["left", "right"] = "right" if column == "partitions" else "left"
        shown.add_column(column, overflow="fold", justify=justify, no_wrap=column == "topic")
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
