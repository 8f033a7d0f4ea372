"""Since when a document no longer names what it once named.

That is the first version after the last one that did, whatever order the versions arrive in. The newest version alone
cannot say it: every later version leaves the same thing out, and what waits from then on would begin to wait anew.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

Edition = tuple[datetime, str]
"""A version of a document, and the hash that orders two contents of one version."""
Name = tuple[str, ...]

KEPT_EDITIONS = 64
"""Editions remembered beside those that an answer rests on: only one that arrives later than so many may move it."""


class Naming(msgspec.Struct, frozen=True, array_like=True):
    """The editions of a document, sorted, and for each thing that it ever named the newest edition that did."""

    editions: tuple[Edition, ...] = ()
    named: dict[Name, Edition] = {}

    def with_edition(self, edition: Edition, names: Iterable[Name]) -> "Naming":
        """Add an edition that names `names`."""
        named = self.named | {name: max(edition, self.named.get(name, edition)) for name in names}
        editions = tuple(sorted({*self.editions, edition}))
        if len(editions) > KEPT_EDITIONS:
            needed = {found for last in named.values() if (found := _first_after(editions, last)) is not None}
            editions = tuple(sorted({*editions[-KEPT_EDITIONS:], *needed}))
        return Naming(editions, dict(sorted(named.items())))

    def dropped(self) -> dict[Name, datetime]:
        """Say of what the newest edition does not name since when; what it names is left out."""
        found = ((name, _first_after(self.editions, last)) for name, last in self.named.items())
        return {name: edition[0] for name, edition in found if edition is not None}

    def since(self, name: Name) -> datetime | None:
        """Say since when each edition names `name`, where each names one thing; None where no other was ever named."""
        others = [last for other, last in self.named.items() if other != name]
        edition = _first_after(self.editions, max(others)) if others else None
        return edition[0] if edition is not None else None


def _first_after(editions: tuple[Edition, ...], last: Edition) -> Edition | None:
    return next((edition for edition in editions if edition > last), None)
