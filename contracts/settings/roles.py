"""The clock of all roles, and where each of them listens."""

from datetime import UTC, datetime

from pydantic import AwareDatetime, Field, model_validator

from contracts.clock import WallClock
from contracts.settings.section import Section


class ClockSettings(Section):
    """The one clock of all roles. `speed` 600 makes ten minutes pass each second; the demo and tests use it.

    Without `epoch` and `started` it shows real time.

    epoch: what it shows at the real instant `started`. started: that instant. speed: how many times as fast as real
    time it moves. tick_seconds: how often, on this clock, ingress says that it is alive.
    """

    epoch: AwareDatetime | None = None
    started: AwareDatetime | None = None
    speed: float = Field(default=1.0, gt=0, le=100_000)
    tick_seconds: float = Field(default=15.0, gt=0)

    @model_validator(mode="after")
    def _epoch_is_whole(self) -> "ClockSettings":
        if (self.epoch is None) != (self.started is None):
            raise ValueError("`epoch` and `started` go together")
        if self.epoch is None and self.speed != 1.0:
            raise ValueError("a `speed` needs `epoch` and `started`")
        return self

    def clock(self) -> WallClock:
        """Give the clock."""
        if self.epoch is None or self.started is None:
            return WallClock(datetime(1970, 1, 1, tzinfo=UTC), 0.0, 1.0)
        return WallClock(self.epoch, self.started.timestamp(), self.speed)


class Listen(Section):
    """Where a role listens.

    host: an address of this machine; loopback unless told otherwise. port: 0 takes a free one.
    """

    host: str = "127.0.0.1"
    port: int = Field(default=0, ge=0, le=65535)


class RoleSettings(Section):
    """Where each role listens.

    ingress: for senders. poll: for health and metrics only. worker: the same. dispatch: the same.
    """

    ingress: Listen = Listen(port=8480)
    poll: Listen = Listen(port=8481)
    worker: Listen = Listen(port=8482)
    dispatch: Listen = Listen(port=8483)
