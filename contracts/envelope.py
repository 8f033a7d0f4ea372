"""The envelope: CloudEvents 1.0 in the Kafka binary binding, and what our records carry beside it.

Headers (all UTF-8 text): `ce_specversion`, `ce_id`, `ce_type`, `ce_source`, `ce_time`, `content-type`, `traceparent`
(W3C Trace Context), and the extension attributes

- `ce_origin`: `TOPIC/PARTITION/OFFSET` of the raw record that all of this came from;
- `ce_receivedat`: when that raw record was received;
- `ce_through`, `ce_asof`: the stamp of the stage that wrote the record (`Stamp`).

Source: CloudEvents Kafka Protocol Binding 1.0.2, section 3.2; CloudEvents 1.0.2, section 3.1.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple, Protocol, Self

import msgspec

from contracts.errors import Rejected

Header = tuple[str, bytes]
Headers = list[Header]
ReadHeader = tuple[str, bytes | None]
"""A header as Kafka gives it: its value may be null."""

_COUNT = re.compile("[0-9]{1,19}")
"""A number that Kafka can hold: 64 bits, signed."""


class Origin(NamedTuple):
    """Where a raw record stands; `str()` gives the form that `quayside trace` takes."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        """Write `TOPIC/PARTITION/OFFSET`."""
        return f"{self.topic}/{self.partition}/{self.offset}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `TOPIC/PARTITION/OFFSET`; raises Rejected where it is not that."""
        topic, _, rest = text.partition("/")
        partition, _, offset = rest.partition("/")
        if not (topic and _COUNT.fullmatch(partition) and _COUNT.fullmatch(offset)):
            raise Rejected(f"not an origin: {text!r} (expected TOPIC/PARTITION/OFFSET)", code="bad_origin")
        return cls(topic, int(partition), int(offset))


class Through(NamedTuple):
    """How far a stage has read for one key: its input topic's epoch, then the highest offset folded."""

    epoch: int
    offset: int

    def __str__(self) -> str:
        """Write `EPOCH.OFFSET`."""
        return f"{self.epoch}.{self.offset}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `EPOCH.OFFSET`; raises Rejected where it is not that."""
        epoch, _, offset = text.partition(".")
        if not (_COUNT.fullmatch(epoch) and _COUNT.fullmatch(offset.removeprefix("-"))):
            raise Rejected(f"not a through: {text!r} (expected EPOCH.OFFSET)", code="bad_through")
        return cls(int(epoch), int(offset))


class Stamp(NamedTuple):
    """What an output was computed from. Both parts never fall for a key; a reader skips a lower stamp.

    After a crash a stage may write again, or write what it computed from fewer facts: the stamp tells.
    """

    through: Through
    as_of: datetime


NO_STAMP = Stamp(Through(0, -1), datetime(1970, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Envelope:
    """A record's envelope. `stamp` is `NO_STAMP` on what no stage wrote."""

    id: str
    type: str
    source: str
    time: datetime
    received_at: datetime
    origin: Origin | None = None
    traceparent: str = ""
    stamp: Stamp = NO_STAMP
    content_type: str = "application/json"

    def headers(self) -> Headers:
        """Write the headers of the binary binding."""
        found: Headers = [
            ("ce_specversion", b"1.0"),
            ("ce_id", self.id.encode()),
            ("ce_type", self.type.encode()),
            ("ce_source", self.source.encode()),
            ("ce_time", write_time(self.time)),
            ("content-type", self.content_type.encode()),
            ("ce_receivedat", write_time(self.received_at)),
        ]
        if self.origin is not None:
            found.append(("ce_origin", str(self.origin).encode()))
        if self.traceparent:
            found.append(("traceparent", self.traceparent.encode()))
        if self.stamp is not NO_STAMP:
            found.append(("ce_through", str(self.stamp.through).encode()))
            found.append(("ce_asof", write_time(self.stamp.as_of)))
        return found

    @classmethod
    def read(cls, headers: Iterable[ReadHeader]) -> "Envelope":
        """Read the headers of a record; raises Rejected where a required one is missing, null or wrong."""
        found = {name: value for name, value in headers if value is not None}
        try:
            text = {name: found[f"ce_{name}"].decode() for name in ("id", "type", "source", "time")}
            received = found.get("ce_receivedat")
            origin = found.get("ce_origin")
            through, as_of = found.get("ce_through"), found.get("ce_asof")
            stamp = Stamp(Through.parse(through.decode()), read_time(as_of.decode())) if through and as_of else NO_STAMP
            time = read_time(text["time"])
            return cls(
                id=text["id"],
                type=text["type"],
                source=text["source"],
                time=time,
                received_at=read_time(received.decode()) if received else time,
                origin=Origin.parse(origin.decode()) if origin else None,
                traceparent=found.get("traceparent", b"").decode(),
                stamp=stamp,
                content_type=found.get("content-type", b"application/json").decode(),
            )
        except KeyError as error:
            raise Rejected(f"the header {error.args[0]} is missing", code="bad_envelope") from error
        except UnicodeDecodeError as error:
            raise Rejected(f"a header is not UTF-8: {error}", code="bad_envelope") from error

    def at(self, origin: Origin) -> "Envelope":
        """Give the envelope of a record that stands at `origin` and has no earlier one."""
        return self if self.origin is not None else replace(self, origin=origin)


class Standing(Protocol):
    """What stands in a topic: a record, or the `Origin` that names one."""

    @property
    def topic(self) -> str:
        """The topic's name on the broker."""

    @property
    def partition(self) -> int:
        """Its partition."""

    @property
    def offset(self) -> int:
        """Its offset."""


class Event(msgspec.Struct, gc=False):
    """A record as a step is given it: its key, its data as bytes, where it stands, and its envelope.

    Place and envelope are read when they are first asked for, since a chunk may hold thousands of events; `envelope`
    raises Rejected where the headers are wrong.
    """

    key: bytes
    data: bytes
    stands: Standing
    headers: Iterable[ReadHeader]
    _envelope: Envelope | None = None

    @property
    def place(self) -> Origin:
        """Where the record stands."""
        return Origin(self.stands.topic, self.stands.partition, self.stands.offset)

    @property
    def envelope(self) -> Envelope:
        """The envelope; its origin is this very record where no earlier one is named."""
        if self._envelope is None:
            self._envelope = Envelope.read(self.headers).at(self.place)
        return self._envelope

    @property
    def type(self) -> str:
        """The event's type, from its envelope."""
        return self.envelope.type


def write_time(instant: datetime) -> bytes:
    """Write an aware instant as RFC 3339 in UTC with microseconds."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z").encode()


def read_time(text: str) -> datetime:
    """Read an RFC 3339 instant; raises Rejected where it is none or has no zone."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise Rejected(f"not an RFC 3339 instant: {text!r}", code="bad_time") from error
    if instant.tzinfo is None:
        raise Rejected(f"an instant without a zone: {text!r}", code="bad_time")
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        raise Rejected(f"an instant before the year 1 or after 9999 in UTC: {text!r}", code="bad_time") from error
