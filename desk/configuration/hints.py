"""Sources whose pushes are hints, and wake nobody: no poller and no target has the name that they point at."""

from collections.abc import Iterator

from connectors.registry import SOURCES
from contracts.settings import Settings
from desk.configuration.mistakes import Location
from mappings import hints


def hints_to_nobody(settings: Settings) -> Iterator[tuple[Location, str]]:
    """Find them; what they tell is harmless, and of no use."""
    woken = {account.name for account in settings.pollers} | {account.name for account in settings.targets}
    for position, account in enumerate(settings.sources):
        source = SOURCES.get(account.connector)
        name = account.options.get(hints.WAKES, account.name)
        if source is not None and source.check is hints.check and name not in woken:
            text = (
                f"its hints wake nobody: no poller or target is called {name!r}; the option `{hints.WAKES}` names one"
            )
            yield ("sources", position), text
