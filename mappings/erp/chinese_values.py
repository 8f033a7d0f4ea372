"""What bills of Kingdee and Yonyou have in common: dates that name no zone, and all parcels' numbers in one field."""

import re
from datetime import datetime

from contracts.connector import Context
from contracts.documents import Package
from contracts.moment import Moment, ZoneSource

_APART = re.compile(r"[,;，；、\s]+")


def local_time(text: str, form: str) -> datetime:
    """Read a local time, or a day's midnight; raises ValueError, which names the form, where it is none."""
    try:
        wall = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"expected {form}") from error
    if wall.tzinfo is not None:
        raise ValueError("expected a time without zone")
    return wall


def moment_on(wall: datetime, context: Context) -> Moment:
    """Place a bill's date at its first instant in the account's zone; its time of day says nothing."""
    return Moment.on(wall.date(), context.zone or "UTC", ZoneSource.ACCOUNT)


def packages_of(carrier: str, numbers: str) -> tuple[Package, ...]:
    """Give a package for each number in a field; commas, semicolons or blanks hold them apart."""
    return tuple(Package(carrier=carrier, tracking_number=number) for number in _APART.split(numbers) if number)
