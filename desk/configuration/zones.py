"""The zones that an account's local times can be in."""

from zoneinfo import available_timezones

from desk.configuration.mistakes import meant


def mistaken_zone(zone: str | None) -> str | None:
    """Say what is wrong with an account's zone; None where nothing is."""
    known = available_timezones()
    if zone is None or zone in known:
        return None
    return f"found {zone!r}; expected a zone of the IANA database{meant(zone, known) or ', such as Asia/Shanghai'}"
