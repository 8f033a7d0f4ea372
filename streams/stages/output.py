"""How the stages write an event: its type from its model, its id from what it says."""

from contracts.events import TYPE_OF
from contracts.identity import digest
from contracts.model import Contract
from contracts.topics import Topic
from streams.engine.stage import Output


def event_output(topic: Topic, key: bytes, event: Contract) -> Output:
    """Write `event` under `key`. Its id is the same whenever the same is said of the same."""
    data = event.encode()
    type_name = TYPE_OF[type(event)]
    return Output(topic=topic, key=key, type=type_name, id=digest(type_name, key, data), data=data)
