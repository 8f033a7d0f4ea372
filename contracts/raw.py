"""The raw request: what came in, byte for byte, with an allowlist of its headers.

In `inbound` its body is the record's value and the rest are headers: the envelope (`quayside.raw.v1`, source
`CONNECTOR/ACCOUNT`), and `http-NAME` for each header that the connector allows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from contracts.envelope import Envelope, Event, Headers
from contracts.errors import Rejected
from contracts.identity import digest

RAW_TYPE = "quayside.raw.v1"
OCTETS = "application/octet-stream"
"""What a body without a content type is (RFC 9110, section 8.3)."""
_HTTP = "http-"


@dataclass(frozen=True, slots=True)
class RawRequest:
    """One request, poll reading or file as it came. header names are lower case."""

    connector: str
    account: str
    body: bytes
    received_at: datetime
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The same for the same bytes from the same account: told twice is told once."""
        return digest(self.connector, self.account, self.content_type or OCTETS, self.body)

    def envelope(self, traceparent: str = "") -> Envelope:
        """Give the envelope under which it stands in `inbound`."""
        return Envelope(
            id=self.id,
            type=RAW_TYPE,
            source=f"{self.connector}/{self.account}",
            time=self.received_at,
            received_at=self.received_at,
            traceparent=traceparent,
            content_type=self.content_type or OCTETS,
        )

    def record(self, traceparent: str = "") -> tuple[bytes, bytes, Headers]:
        """Give the key, value and headers of its record."""
        kept = [(_HTTP + name, value.encode()) for name, value in sorted(self.headers.items())]
        return self.id.encode(), self.body, self.envelope(traceparent).headers() + kept

    @classmethod
    def read(cls, event: Event) -> "RawRequest":
        """Read it back from `inbound`; raises Rejected where its source is not `CONNECTOR/ACCOUNT`."""
        connector, separator, account = event.envelope.source.partition("/")
        if not (connector and separator and account):
            raise Rejected(f"not a CONNECTOR/ACCOUNT: {event.envelope.source!r}", code="bad_source")
        try:
            http = {
                name.removeprefix(_HTTP): value.decode()
                for name, value in event.headers
                if value is not None and name.startswith(_HTTP)
            }
        except UnicodeDecodeError as error:
            raise Rejected(f"a kept header is not UTF-8: {error}", code="bad_envelope") from error
        return cls(
            connector=connector,
            account=account,
            body=event.data,
            received_at=event.envelope.received_at,
            content_type=event.envelope.content_type,
            headers=http,
        )
