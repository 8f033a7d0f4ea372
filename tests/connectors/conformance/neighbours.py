"""What resembles a payload: one place of it dropped, doubled, or with something else there."""

from collections.abc import Iterator

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.connectors.conformance.samples import Json

# How many is the profile's: few in `make check`, many in `make test`.
NEIGHBOURS = settings(deadline=None, suppress_health_check=list(HealthCheck))
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


def changed(value: Json, data: st.DataObject) -> Json:
    """Change one place of a JSON value, in place where it has any."""
    places = list(_places(value))
    if not places:
        return data.draw(_JSON)
    holder, name = places[data.draw(st.integers(0, len(places) - 1))]
    match data.draw(st.sampled_from(["drop", "replace", "stringify", "add"])):
        case "drop":
            del holder[name]
        case "replace":
            holder[name] = data.draw(_JSON)
        case "stringify":
            holder[name] = str(holder[name])[: data.draw(st.integers(0, 30))]
        case _ if isinstance(holder, list):
            holder.append(data.draw(_JSON))
        case _:
            holder[data.draw(st.text(max_size=5))] = data.draw(_JSON)
    return value


def _places(value: Json) -> Iterator[tuple[Json, Json]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in children:
        yield value, name
        yield from _places(child)
