"""What all clouds that track parcels share: the carriers' scans, and whom they are told to."""

from abc import abstractmethod
from dataclasses import dataclass, field
from datetime import datetime

from tests.fakes.serving import Cloud

MOVING, DELIVERED = "moving", "delivered"


@dataclass
class TrackingCloud(Cloud):
    """Scans by number, oldest first: when, and how far the parcel was. key: by which its customers prove themselves."""

    key: str = "key"
    scans: dict[str, list[tuple[datetime, str]]] = field(default_factory=dict)

    def scan(self, number: str, what: str = MOVING) -> None:
        """Let the carrier scan a parcel, now; whoever registered it is told."""
        self.scans.setdefault(number, []).append((self.now, what))
        if self.is_registered(number):
            self.tell(number)

    @abstractmethod
    def is_registered(self, number: str) -> bool:
        """Whether scans of this number are pushed."""

    @abstractmethod
    def tell(self, number: str) -> None:
        """Push what is known of a number."""

    @abstractmethod
    def give_up(self, number: str) -> None:
        """Stop tracking a number, as the cloud does by itself."""
