"""What is kept of a document, and how it is stored."""

from datetime import datetime

import msgspec

from streams.engine.stage import StateFormat
from streams.stages.naming import Edition, Name, Naming
from streams.stages.slicing import ParcelName

GONE = ""
"""Stands for the hash of what is told to whom is no longer named."""
LINE, PARCEL = "line", "parcel"
"""The first word of what a document names: a line, or a parcel with its order."""


class Known(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of a document. orders: order to hash; parcels: number and order to hash."""

    newest: Edition
    orders: dict[str, str] = {}
    parcels: dict[ParcelName, str] = {}
    naming: Naming = Naming()

    def since(self, what: str) -> dict[Name, datetime]:
        """Say of each line, or parcel, that is no longer named since when."""
        return {name[1:]: since for name, since in self.naming.dropped().items() if name[0] == what}


class _Format1(msgspec.Struct, array_like=True):
    """The state until it knew since when something is no longer named."""

    version: datetime
    edition: str
    orders: dict[str, str]
    parcels: dict[str, str]


def _since_format_2(stored: bytes) -> bytes:
    """Take what was named by the newest version then as named by no later one."""
    old = msgspec.msgpack.decode(stored, type=_Format1)
    newest = (old.version, old.edition)
    parcels: dict[ParcelName, str] = {}
    for name, told in old.parcels.items():
        number, order = name.split("\n", 1)
        parcels[number, order] = told
    naming = Naming().with_edition(newest, [(PARCEL, *name) for name, told in parcels.items() if told != GONE])
    return msgspec.msgpack.encode(Known(newest, old.orders, parcels, naming))


FORMAT: StateFormat[Known] = StateFormat(
    number=2,
    encode=msgspec.msgpack.Encoder().encode,
    decode=msgspec.msgpack.Decoder(Known).decode,
    upcasters={1: _since_format_2},
)
