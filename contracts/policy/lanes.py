"""Lanes: what their history is asked for."""

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from contracts.policy.kind import Span


class LanePolicy(BaseModel):
    """What a lane's history is asked for.

    enough: how many legs it must hold before anything is expected from it; until then the policy's own spans count.
    told_late: a scan that is told so long after it happened was told late.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    enough: Annotated[int, Field(ge=2, le=10_000)] = 30
    told_late: Span = timedelta(hours=6)
