"""Data: what was told and does not fit, or could not be processed."""

from contracts.snapshot import Kind, SubjectType
from streams.detection.doubtful import contradiction, unknown_status
from streams.detection.kind import KindOfFinding
from streams.detection.unsubscribed import unsubscribed

DATA: tuple[KindOfFinding, ...] = (
    KindOfFinding(
        Kind.ORPHAN_TRACKING,
        "data",
        "parcel",
        SubjectType.PARCEL,
        meaning="Opens when a parcel was reported, no document names it, and the grace is over. Clears when a document "
        "names it. Rests on hearing every polled ERP account, or ingress where none is polled.",
    ),
    KindOfFinding(
        Kind.QUARANTINED,
        "data",
        "stage",
        SubjectType.DOCUMENT,
        meaning="Opens when the processing of a key failed three times in a row, or a deadline of it failed. Clears "
        "when a newer version of the software processes it. Rests on nobody's silence.",
    ),
    KindOfFinding(
        Kind.LATE_INFORMATION,
        "data",
        "after",
        SubjectType.ORDER,
        meaning="Opens when something is told of a delivery that is closed. Clears when its task is ended, or when the "
        "order is read afresh (`quayside reopen`). Rests on nobody's silence.",
    ),
    KindOfFinding(Kind.UNKNOWN_STATUS, "data", "order", SubjectType.PARCEL, unknown_status),
    KindOfFinding(Kind.CONTRADICTION, "data", "order", SubjectType.PARCEL, contradiction, needs_reason=True),
    KindOfFinding(Kind.UNSUBSCRIBED, "data", "order", SubjectType.PARCEL, unsubscribed),
)
