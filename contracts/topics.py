"""The topics, declared once: name, key, retention, compaction, owner, schema, and the sizes of what they hold.

A deployment chooses the prefix, the number of partitions (one number for all of a record's way: the stages and their
changelogs must agree, and it is fixed once created) and the replication. `UPSTREAMS` says whose time each stage waits
for.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

BODY_LIMIT = 900_000
"""Bytes of a request's body that ingress takes; smaller than `RECORD_LIMIT`, so that its headers fit too."""
HEADERS_LIMIT = 16 * 1024
"""Bytes of the headers that are kept of a request, its content type among them."""
RECORD_LIMIT = 1_048_588
"""`max.message.bytes` of every topic but the dead letters' (Kafka's own default)."""
DEAD_LETTER_LIMIT = 2_097_152
"""A dead letter is the whole record and the reason beside it, so it may be larger than any record."""
STATE_LIMIT = 512 * 1024
"""Bytes of one key's state; a fact that would make it larger is dead-lettered."""

KEEP_FOR_EVER = timedelta(0)


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic.

    key: what its key is, in words. owner: who writes it. retention: how long a record stays, `KEEP_FOR_EVER` for
    compacted ones. compacted: only a key's newest record counts. single: one partition whatever the deployment says.
    changelog: holds a stage's state, and is compacted fast enough to recover from. schemas: the event types in it.
    """

    name: str
    key: str
    owner: str
    schemas: tuple[str, ...]
    retention: timedelta = timedelta(days=30)
    compacted: bool = False
    single: bool = False
    changelog: bool = False
    record_limit: int = RECORD_LIMIT

    def configuration(self) -> dict[str, str]:
        """Give the topic's settings as Kafka names them."""
        settings = {
            "max.message.bytes": str(self.record_limit),
            "compression.type": "producer",
            "message.timestamp.type": "CreateTime",
        }
        if not self.compacted:
            return settings | {
                "cleanup.policy": "delete",
                "retention.ms": str(int(self.retention.total_seconds() * 1000)),
            }
        settings |= {"cleanup.policy": "compact", "min.cleanable.dirty.ratio": "0.1"}
        if self.changelog:
            settings |= {
                "segment.bytes": str(32 * 1024 * 1024),
                "max.compaction.lag.ms": str(24 * 3600 * 1000),
                # A process that was stopped and wakes may write an older state behind a newer one. Recovery keeps
                # the newer, which must not have been compacted away by then.
                "min.compaction.lag.ms": str(3600 * 1000),
            }
        return settings


INBOUND = Topic(
    "inbound",
    "a hash of the raw request",
    "ingress, pollers, dispatch",
    ("quayside.raw.v1", "quayside.tick.v1"),
)
DOCUMENTS = Topic(
    "documents",
    "account, kind of document, document",
    "normalise",
    (
        "quayside.order.changed.v1",
        "quayside.goods_issue.changed.v1",
        "quayside.goods_receipt.changed.v1",
        "quayside.return_receipt.changed.v1",
        "quayside.tick.v1",
    ),
)
TRACKING = Topic(
    "tracking",
    "normalised tracking number",
    "normalise, documents",
    (
        "quayside.tracking.reported.v1",
        "quayside.proof_of_delivery.reported.v1",
        "quayside.condition_reading.reported.v1",
        "quayside.parcel.linked.v1",
        "quayside.task.feedback.v1",
        "quayside.operator.acted.v1",
        "quayside.tick.v1",
    ),
)
CASES = Topic(
    "cases",
    "account, case",
    "normalise",
    (
        "quayside.case.changed.v1",
        "quayside.task.feedback.v1",
        "quayside.operator.acted.v1",
        "quayside.tick.v1",
    ),
)
DELIVERIES = Topic(
    "deliveries",
    "account, order",
    "normalise, documents, resolve, cases, lanes",
    (
        "quayside.document.slice.v1",
        "quayside.document.dropped.v1",
        "quayside.acceptance.reported.v1",
        "quayside.appointment.changed.v1",
        "quayside.remedy.agreed.v1",
        "quayside.parcel.facts.v1",
        "quayside.parcel.claim.v1",
        "quayside.proof_of_delivery.reported.v1",
        "quayside.condition_reading.reported.v1",
        "quayside.case.noted.v1",
        "quayside.survey.answered.v1",
        "quayside.lane.estimated.v1",
        "quayside.registration.reported.v1",
        "quayside.task.feedback.v1",
        "quayside.operator.acted.v1",
        "quayside.tick.v1",
    ),
)
LANES = Topic(
    "lanes",
    "carrier, service, origin, destination",
    "deliver",
    ("quayside.lane.asked.v1", "quayside.lane.leg_completed.v1"),
)
SNAPSHOTS = Topic(
    "snapshots",
    "account, scope, subject",
    "deliver, resolve, cases, documents",
    ("quayside.snapshot.v1",),
    retention=KEEP_FOR_EVER,
    compacted=True,
)
DEAD_LETTERS = Topic(
    "dead-letters",
    "the dead record's own key",
    "every stage",
    (),
    retention=timedelta(days=90),
    record_limit=DEAD_LETTER_LIMIT,
)
HINTS = Topic(
    "hints",
    "account",
    "normalise",
    ("quayside.hint.v1",),
    retention=timedelta(days=1),
)
MARKS = Topic(
    "marks",
    "account",
    "pollers",
    ("quayside.poll.mark.v1",),
    retention=KEEP_FOR_EVER,
    compacted=True,
    single=True,
)

STAGES: tuple[Literal["normalise", "documents", "resolve", "cases", "deliver", "lanes"], ...] = (
    "normalise",
    "documents",
    "resolve",
    "cases",
    "deliver",
    "lanes",
)

UPSTREAMS: dict[str, tuple[str, ...]] = {
    "normalise": ("inbound",),
    "documents": ("normalise",),
    "resolve": ("normalise", "documents"),
    "cases": ("normalise",),
    "deliver": ("normalise", "documents", "resolve", "cases"),
    "lanes": (),
}
"""Whose time each stage waits for: every partition of each. `inbound` stands for the sources that tick into it.

`lanes` waits for nobody's: what it answers follows from what it was told, whenever that was.
"""

TIME_GOES_TO: dict[str, tuple[Topic, ...]] = {
    "normalise": (DOCUMENTS, TRACKING, CASES, DELIVERIES),
    "documents": (TRACKING, DELIVERIES),
    "resolve": (DELIVERIES,),
    "cases": (DELIVERIES,),
    "deliver": (),
    "lanes": (),
}
"""Into which topics a stage passes time on, each partition."""


def changelog(stage: str) -> Topic:
    """Declare the topic that holds the state of `stage`, keyed as the stage's source."""
    return Topic(
        f"{stage}.changelog",
        f"the key of {stage}'s source",
        stage,
        (),
        retention=KEEP_FOR_EVER,
        compacted=True,
        changelog=True,
    )


TOPICS: tuple[Topic, ...] = (
    INBOUND,
    DOCUMENTS,
    TRACKING,
    CASES,
    DELIVERIES,
    LANES,
    SNAPSHOTS,
    DEAD_LETTERS,
    HINTS,
    MARKS,
    *(changelog(stage) for stage in STAGES if stage != "normalise"),
)
