"""A system that pushes to us."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from contracts.connector.mapping import Context, Mapped
from contracts.errors import Rejected
from contracts.raw import RawRequest
from contracts.settings import SourceAccount
from contracts.signature import Scheme
from contracts.tracking import Coverage, TrackingStatus


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer, byte for byte as a sender expects it."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def no_options(account: SourceAccount) -> None:
    """Refuse every option of a source's account; raises Rejected, naming the first."""
    for name in account.options:
        raise Rejected(f"the option `{name}` is unknown: {account.connector} has none", code="bad_option")


@dataclass(frozen=True, slots=True)
class Cut:
    """A file of many documents as requests, one a document, that say together what it says.

    mistakes: all that is wrong in the file, a sentence each; where there is one, nothing of the file is taken.
    """

    requests: tuple[RawRequest, ...] = ()
    mistakes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A system that pushes to us.

    read: bytes to a JSON value; raises Rejected. verify: how the sender proves who it is. to_events: pure; raises
    Rejected with the JSON path. acknowledge, and refuse (the reason, the HTTP status): exactly what this sender
    expects; an acknowledgement that depends on the request is a function that raises nothing, whatever the body is.
    check: raises Rejected, in one sentence, where the account's options are wrong; the others rely on it. headers: the
    HTTP headers that are kept, in lower case. codes: the vendor's code table as the mapping uses it, for the reference
    page and the conformance suite. documentation: the vendor's pages; read_on: the day they were read. coverage: None
    where each report says its own. objection: the answer to a request that `to_events` would not take, for senders who
    can mend it at once; nothing of it is kept. Without one, what is signed is kept whatever it says. cut: how a file of
    many documents becomes a request for each; raises Rejected where it is no such file. Without one a file is one.
    """

    name: str
    title: str
    documentation: tuple[str, ...]
    read_on: date
    read: Callable[[RawRequest], object]
    verify: Scheme
    to_events: Callable[[object, Context], Mapped]
    acknowledge: Reply | Callable[[RawRequest, Context], Reply]
    refuse: Callable[[str, int], Reply]
    coverage: Coverage | None
    check: Callable[[SourceAccount], None] = no_options
    codes: Mapping[str, TrackingStatus] = field(default_factory=dict)
    headers: frozenset[str] = frozenset()
    objection: Callable[[RawRequest], Reply | None] | None = None
    cut: Callable[[RawRequest, Context], Cut] | None = None

    def acknowledgement(self, request: RawRequest, context: Context) -> Reply:
        """Give the answer that says that a request is durable."""
        return self.acknowledge if isinstance(self.acknowledge, Reply) else self.acknowledge(request, context)
