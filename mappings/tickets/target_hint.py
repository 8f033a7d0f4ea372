"""The webhook of any ticket system as a hint: that it came wakes the target's watcher, what it says is of no matter.

It is a JSON object, or a list of such where a system sends several changes at once. Nothing is read of it.
"""

from contracts.connector import Context, Mapped
from contracts.errors import Rejected
from mappings.hints import hints


def to_events(payload: object, context: Context) -> Mapped:
    """Map one webhook; raises Rejected where nothing is told."""
    told = payload if isinstance(payload, list) else [payload]
    for place, one in enumerate(told or [None]):
        if not isinstance(one, dict) or not one:
            path = f"$[{place}]" if isinstance(payload, list) and told else "$"
            raise Rejected("expected a JSON object that says something, or a list of such", code="invalid", path=path)
    return hints(context, (), "")
