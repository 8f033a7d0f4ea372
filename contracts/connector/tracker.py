"""A source that pushes only what was registered with it."""

from dataclasses import dataclass
from datetime import timedelta

from contracts.connector.target import Target
from contracts.settings import TargetAccount


@dataclass(frozen=True, slots=True)
class Tracker:
    """A source that pushes only what was registered with it.

    target: its registrations, each a record: creating one registers a parcel, updating one renews it, registers it
    again or asks for the parcel, as the fields say, and closing one ends it. source: the connector by which its pushes,
    and its answers, are read. renew_after: how long after one registration the next is due; None where it lasts.
    again_after: how long after it gave a parcel up it takes it again.
    """

    target: Target
    source: str
    renew_after: timedelta | None = None
    again_after: timedelta = timedelta(0)

    @property
    def name(self) -> str:
        """The connector's name."""
        return self.target.name

    def check(self, account: TargetAccount) -> None:
        """Refuse an account that is wrong: as a target's own check."""
        self.target.check(account)
