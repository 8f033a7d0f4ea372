"""A target's own mapping, called so that a mistake in it refuses one record and stops no other."""

from collections.abc import Callable, Mapping

from contracts.errors import Rejected
from streams.engine.writes import describe


def mapped(mapping: Callable[[], Mapping[str, str]]) -> tuple[dict[str, str], Rejected | None]:
    """Give what a target's mapping writes, or why it does not."""
    try:
        return dict(mapping()), None
    except Rejected as error:
        return {}, error
    except Exception as error:  # noqa: BLE001 - a mistake in a mapping refuses its record, and stops no other
        return {}, Rejected(describe(error), code="bug")
