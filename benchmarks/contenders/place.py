"""Where a contender works: told by its arguments, alike for all.

No imports of the product: one of the contenders runs in an environment of its own.
"""

import sys
from collections.abc import Mapping
from typing import NamedTuple


class Place(NamedTuple):
    """The broker, the prefix of this run's topics and groups, and the number of partitions."""

    bootstrap: str
    prefix: str
    partitions: int
    state: str

    @property
    def source(self) -> str:
        """The topic that is read."""
        return f"{self.prefix}.source"

    @property
    def output(self) -> str:
        """The topic that is written, one record for each event."""
        return f"{self.prefix}.output"

    @property
    def changelog(self) -> str:
        """The topic that holds the state."""
        return f"{self.prefix}.counting.changelog"


Headers = list[tuple[str, bytes]]


def envelope(told: Mapping[str, bytes], topic: str, partition: int, offset: int, number: bytes) -> Headers:
    """Write the envelope of an output, the same for all: what the causing record told, and where that stood."""
    origin = b"%d" % offset
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", number),
        ("ce_type", b"bench.counted.v1"),
        ("ce_source", told["ce_source"]),
        ("ce_time", told["ce_time"]),
        ("content-type", b"application/json"),
        ("ce_receivedat", told["ce_receivedat"]),
        ("ce_origin", b"%b/%d/%b" % (topic.encode(), partition, origin)),
        ("ce_through", b"1.%b" % origin),
        ("ce_asof", b"1970-01-01T00:00:00.000000Z"),
    ]


def place() -> Place:
    """Read it from the command line."""
    bootstrap, prefix, partitions, state = sys.argv[1:]
    return Place(bootstrap, prefix, int(partitions), state)
