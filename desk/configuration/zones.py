"""The zones that an account's local times can be in."""

from functools import cache
from zoneinfo import available_timezones

from desk.configuration.mistakes import meant


def mistaken_zone(zone: str | None) -> str | None:
    """Say what is wrong with an account's zone; None where nothing is."""
    if zone is None or zone in _known():
        return None
    return f"found {zone!r}; expected a zone of the IANA database{meant(zone, _known()) or ', such as Asia/Shanghai'}"


@cache
def _known() -> set[str]:
    """Read from files: once, not for each account."""
    return available_timezones()
