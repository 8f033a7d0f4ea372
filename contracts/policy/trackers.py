"""Trackers: who registers parcels, so that their carriers' news are pushed to us."""

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from contracts.policy.kind import Span

ALL_OTHERS = "*"
"""Stands for every carrier that no tracker names."""


class TrackerRule(BaseModel):
    """What a delivery must know of one tracker to say what is wanted there.

    name: of the account under `trackers`. carriers: those whose parcels it takes, or `*` for all that none names.
    renew_after: how long after one registration the next is due; absent where one lasts as long as the parcel is under
    way. again_after: how long after it gave a parcel up it may be registered again. asks: whether a silent parcel is
    asked for.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1)]
    carriers: tuple[str, ...] = (ALL_OTHERS,)
    renew_after: Span | None = None
    again_after: Span = timedelta(0)
    asks: bool = True
