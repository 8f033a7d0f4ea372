"""What the stages tell each other: slices of documents, links, a parcel's facts and claims.

Each is idempotent, and each may be told again, late or out of order: slices by their document's version, facts by
being joined (the join is associative, commutative and idempotent: `streams.facts.history`), claims by the stamp of
the stage that wrote them.
"""

from decimal import Decimal

from pydantic import Field

from contracts.condition import MeasuredQuantity
from contracts.documents import Document, GoodsIssue, Order
from contracts.model import Contract
from contracts.moment import Instant, Moment
from contracts.proof import ProofOfDelivery
from contracts.receipts import GoodsReceipt, ReturnReceipt
from contracts.tracking import Coverage, Scan, Subscription


class DocumentSlice(Contract):
    """An order's part of one version of one document; empty (no content) where it is no longer named.

    From `documents` to `deliveries`. A goods issue, goods receipt or return receipt holds this order's lines alone.
    edition: a hash of the whole document, which orders two contents of one version. afresh: as the document's own.
    """

    account: str
    order: str
    kind: str
    document: str
    version: Instant
    edition: str = ""
    afresh: bool = False
    order_document: Order | None = None
    goods_issue: GoodsIssue | None = None
    goods_receipt: GoodsReceipt | None = None
    return_receipt: ReturnReceipt | None = None

    @property
    def content(self) -> Document | None:
        """What the document says of the order; None where it names it no longer."""
        return self.order_document or self.goods_issue or self.goods_receipt or self.return_receipt

    @property
    def is_empty(self) -> bool:
        """Whether the order is no longer named by the document, or the document was withdrawn."""
        return self.content is None


class DroppedLine(Contract):
    """A line of an order that a document once served and serves no longer. order_line: empty where it named none."""

    order_line: str = ""
    product: str
    since: Instant


class LinesDropped(Contract):
    """All lines of an order that a document no longer serves, and since which of its versions.

    From `documents` to `deliveries`; the one with the highest stamp counts, and without lines says that there are none.
    """

    account: str
    order: str
    kind: str
    document: str
    lines: tuple[DroppedLine, ...] = ()


class ParcelLink(Contract):
    """A document says that a parcel carries an order, or (linked False) no longer does.

    From `documents` to `tracking`. despatched_at: when the parcel left, or is planned to; else the reading instant; of
    what is not linked any more, since when. Of two words about one version the one with the higher stamp counts.
    afresh: the order has given up what it knew, and is to be told all of the parcel again.
    """

    account: str
    order: str
    document: str
    version: Instant
    edition: str = ""
    number: str
    carrier: str = ""
    despatched_at: Instant
    linked: bool = True
    afresh: bool = False


class ReportSeen(Contract):
    """One report's content (by its hash) and the earliest receipt of it."""

    hash: str
    received_at: Instant
    sent_version: str = ""
    latest: Instant | None = None
    count: int = 0
    oldest: Instant | None = None
    coverage: Coverage
    eta: Moment | None = None
    subscription: Subscription = Subscription.ACTIVE


class ScanSeen(Contract):
    """One scan, the earliest receipt of it, and the highest-ranking reports that told it (by hash)."""

    scan: Scan
    received_at: Instant
    reports: tuple[str, ...] = ()


class EtaSeen(Contract):
    """One arrival that was told, the earliest receipt of it, and what orders the report that told it."""

    received_at: Instant
    sent_version: str = ""
    latest: Instant | None = None
    count: int = 0
    eta: Instant


class SourceHistory(Contract):
    """All that one source ever told of one parcel. Nothing is dropped when it is withdrawn: visibility is derived."""

    source: str
    account: str
    carrier: str = ""
    scans: tuple[ScanSeen, ...] = ()
    reports: tuple[ReportSeen, ...] = ()
    etas: tuple[EtaSeen, ...] = ()


class ReadingsMerged(Contract):
    """All readings of one quantity that one logger took in one span of time. received_at: when the first was told."""

    first_at: Instant
    last_at: Instant
    first: Decimal
    last: Decimal
    lowest: Decimal
    highest: Decimal
    received_at: Instant


class ReadingSeries(Contract):
    """One quantity as one logger measured it. account: that which was told of it."""

    source: str
    account: str
    logger: str
    quantity: MeasuredQuantity
    merged: tuple[ReadingsMerged, ...] = ()


class ProofSeen(Contract):
    """The newest version of one proof of delivery, and the earliest receipt of it."""

    proof: ProofOfDelivery
    received_at: Instant


class ParcelFacts(Contract):
    """Facts of a parcel, for one order that uses its number. From `resolve` to `deliveries`; joined, never replaced.

    series: what is new of its readings, merged by spans of `resolution` minutes.
    """

    account: str
    order: str
    number: str
    histories: tuple[SourceHistory, ...] = ()
    resolution: int = Field(default=0, ge=0)
    series: tuple[ReadingSeries, ...] = ()
    proofs: tuple[ProofSeen, ...] = ()


class ParcelClaim(Contract):
    """Which facts of a number belong to an order: those that occurred in `[since, until)`.

    From `resolve` to `deliveries`; the one with the highest stamp counts. Empty (linked False) when unlinked.
    """

    account: str
    order: str
    number: str
    carrier: str = ""
    document: str = ""
    linked: bool = True
    since: Instant | None = None
    until: Instant | None = None
