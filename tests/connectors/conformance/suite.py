"""What all parts of a source's suite stand on: the record, what is declared of its sender, and requests."""

from datetime import UTC, datetime, timedelta
from typing import ClassVar, NamedTuple

from contracts.connector import Context, Mapped, Source
from contracts.errors import Rejected
from contracts.raw import RawRequest
from contracts.settings import SourceAccount
from contracts.signature import Sent
from tests.connectors.conformance.declaration import Declaration, read_declaration
from tests.connectors.conformance.samples import Json, folder_of, payloads_of

NOW = datetime(2026, 3, 10, tzinfo=UTC)
OLD, NEW = "last year's secret", "this year's secret 盐"
NONE_YET = "tests/mappings/*/{name} holds no payload yet: write X.json after the vendor's pages and X.jsonl beside it"


class Key(NamedTuple):
    """A secret: what its sender signs with, and what ingress is given; the same but where keys come in pairs."""

    sign: str
    verify: str


class Suite:
    """A part of the suite. source: the record. keys: an old and a new one, where text from the file does not do."""

    source: ClassVar[Source]
    keys: ClassVar[tuple[Key, Key] | None] = None

    @property
    def declared(self) -> Declaration:
        return read_declaration(folder_of(self.source.name))

    @property
    def old_and_new(self) -> tuple[Key, Key]:
        if self.keys is not None:
            return self.keys
        old, new = self.declared.secrets or (OLD, NEW)
        return Key(old, old), Key(new, new)

    @property
    def payloads(self) -> dict[str, bytes]:
        found = dict(payloads_of(self.source.name))
        assert found, NONE_YET.format(name=self.source.name)
        return found

    @property
    def payload(self) -> bytes:
        """The first fixture's, by name."""
        return next(iter(self.payloads.values()))

    def account(self, **options: str) -> SourceAccount:
        zone = self.declared.zone
        given = {**self.declared.options, **options}
        return SourceAccount(name="shop", connector=self.source.name, zone=zone, options=given)

    def request(self, sent: Sent, at: datetime = NOW) -> RawRequest:
        return RawRequest(self.source.name, "shop", sent.body, at, sent.content_type, sent.headers)

    def sent(self, payload: bytes, key: Key | None = None, at: datetime = NOW) -> Sent:
        """Send a payload, signed with the new key where none is named."""
        sent = self.source.verify.sign(payload, (key or self.old_and_new[1]).sign, at)
        other = {self.payloads[name]: content_type for name, content_type in self.declared.content_types.items()}
        return sent._replace(content_type=other.get(payload, sent.content_type))

    def context(self, zone: str | None = None, later: timedelta = timedelta(0)) -> Context:
        options = self.declared.options
        return Context(self.source.name, "shop", NOW + later, zone or self.declared.zone, options)

    def read(self, payload: bytes) -> Json:
        return self.source.read(self.request(self.sent(payload)))

    def map(self, payload: bytes, zone: str | None = None) -> Mapped:
        return self.source.to_events(self.read(payload), self.context(zone))

    def map_or_reject(self, value: Json) -> tuple[Mapped, str]:
        """Map what was read; give the events, and the path of what was refused."""
        try:
            return self.source.to_events(value, self.context()), "$"
        except Rejected as error:
            return Mapped(), error.path
