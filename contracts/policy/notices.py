"""Notices: what customers are told by themselves."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict

from contracts.policy.kind import Span


class NoticePolicy(BaseModel):
    """Notices to customers. They go only to targets that ask for them (`targets[*].notices`).

    arrival: whether an arrival is announced; before_arrival: how long before it. delay: whether a delay is told, with
    the new date as far as it is known. useful_for: how long after its instant a notice still goes out.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    arrival: bool = True
    before_arrival: Span = timedelta(hours=24)
    delay: bool = True
    useful_for: Span = timedelta(hours=24)
