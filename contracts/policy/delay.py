"""Delay: what should have arrived, left or moved."""

from datetime import timedelta

from pydantic import Field

from contracts.policy.kind import KindPolicy, Span
from contracts.snapshot import Severity


class StalledPolicy(KindPolicy):
    """A parcel without a scan. silence: the longest that is ordinary; carriers: the same by carrier.

    by_lane: whether a lane whose history is large enough says itself what is ordinary; of a carrier in `carriers` it
    never does.
    """

    silence: Span = timedelta(hours=48)
    carriers: dict[str, Span] = Field(default_factory=dict)
    by_lane: bool = True
    severity: Severity = Severity.ORDINARY
    due: Span = timedelta(hours=8)
