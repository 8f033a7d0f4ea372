"""The uses of a tracking number, and the claims that follow from them.

A use is a document's word that the number carries an order. Uses are put in groups by their despatch: those that lie
within 60 days of each other share the number; the next group's beginning ends the claims of the one before.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec

from contracts.clock import BEFORE_TIME
from contracts.envelope import Stamp
from contracts.exchange import ParcelClaim, ParcelLink

SHARED_WITHIN = timedelta(days=60)
"""Despatches under one number that lie no further apart are one parcel's."""
REGISTERED_BEFORE = timedelta(days=7)
"""A label may be registered, and scanned, this long before the goods issue is booked."""


class Use(msgspec.Struct, frozen=True, array_like=True):
    """One use, by the newest version of its document.

    despatched_at: of one that is no longer linked, since when it is not. stamp: of the stage that wrote it.
    """

    account: str
    order: str
    document: str
    version: datetime
    edition: str
    carrier: str
    despatched_at: datetime
    linked: bool
    stamp: tuple[int, int, datetime] = (0, 0, BEFORE_TIME)

    @classmethod
    def of(cls, link: ParcelLink, stamp: Stamp) -> "Use":
        """Read a link."""
        return cls(
            account=link.account,
            order=link.order,
            document=link.document,
            version=link.version,
            edition=link.edition,
            carrier=link.carrier,
            despatched_at=link.despatched_at,
            linked=link.linked,
            stamp=(*stamp.through, stamp.as_of),
        )

    @property
    def order_of_telling(self) -> tuple[datetime, str, tuple[int, int, datetime]]:
        """Of two words about one use the higher counts."""
        return self.version, self.edition, self.stamp

    @property
    def name(self) -> str:
        """What tells it from the number's other uses."""
        return f"{self.account}\n{self.order}\n{self.document}"


def linked(uses: Iterable[Use]) -> list[Use]:
    """Give the uses that hold, by despatch."""
    return sorted(
        (use for use in uses if use.linked), key=lambda use: (use.despatched_at, use.account, use.order, use.document)
    )


def claims(number: str, uses: Iterable[Use]) -> dict[str, ParcelClaim]:
    """Say of each order that ever used the number which span of its life is the order's; empty when unlinked."""
    every = list(uses)
    found = {
        f"{use.account}\n{use.order}": ParcelClaim(account=use.account, order=use.order, number=number, linked=False)
        for use in every
    }
    groups = _groups(linked(every))
    if not groups:
        return found
    begins = [group[0].despatched_at - REGISTERED_BEFORE for group in groups]
    # What is older than this belongs to a use of the number that we never knew.
    begins[0] = groups[0][0].despatched_at - SHARED_WITHIN
    ends: list[datetime | None] = [*begins[1:], None]
    for group, since, until in zip(groups, begins, ends, strict=True):
        for use in reversed(group):
            found[f"{use.account}\n{use.order}"] = ParcelClaim(
                account=use.account,
                order=use.order,
                number=number,
                carrier=use.carrier,
                document=use.document,
                since=since,
                until=until,
            )
    return found


def _groups(uses: list[Use]) -> list[list[Use]]:
    if not uses:
        return []
    groups = [[uses[0]]]
    for earlier, later in pairwise(uses):
        if later.despatched_at - earlier.despatched_at > SHARED_WITHIN:
            groups.append([])
        groups[-1].append(later)
    return groups
