"""What is wrong with trackers and only the whole configuration shows."""

from collections.abc import Iterator

from connectors.registry import TRACKERS
from contracts.policy.trackers import ALL_OTHERS
from contracts.settings import Settings
from desk.configuration.mistakes import Location, nearest

Found = Iterator[tuple[Location, str]]


def mistaken_trackers(settings: Settings) -> Found:
    """Find the trackers whose pushes nobody could read, and the carriers that two of them name."""
    yield from _sources(settings)
    yield from _settings_without_effect(settings)
    taken: dict[str, str] = {}
    for position, account in enumerate(settings.trackers):
        for name in account.carriers:
            known = name if name == ALL_OTHERS else settings.policy.carrier(name)
            first = taken.setdefault(known, account.name)
            if first != account.name:
                named = "all other carriers" if name == ALL_OTHERS else repr(name)
                yield ("trackers", position, "carriers", name), f"{named} already go to {first!r}"


def _sources(settings: Settings) -> Found:
    """Find the sources that are none, or not of the connector that reads this tracker's pushes."""
    for position, account in enumerate(settings.trackers):
        tracker, path = TRACKERS.get(account.connector), ("trackers", position, "source")
        if tracker is None:
            continue
        able = {source.name for source in settings.sources if source.connector == tracker.source}
        if account.source not in able:
            hint = nearest(account.source, able) if able else f": there is none of the connector {tracker.source}"
            yield path, f"{account.source!r} is no account under `sources` that reads its pushes{hint}"


def _settings_without_effect(settings: Settings) -> Found:
    for position, account in enumerate(settings.trackers):
        for name in ("notices", "fields", "language"):
            if name in account.model_fields_set:
                yield ("trackers", position, name), "has no effect at a tracker, which registers parcels; leave it out"
