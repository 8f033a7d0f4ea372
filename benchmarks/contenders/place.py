"""Where a contender works: told by its arguments, alike for all.

No imports of the product: one of the contenders runs in an environment of its own.
"""

import sys
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


def place() -> Place:
    """Read it from the command line."""
    bootstrap, prefix, partitions, state = sys.argv[1:]
    return Place(bootstrap, prefix, int(partitions), state)
