"""The reference page about field mappings: the canonical names, and which field of which system each goes to."""

from collections.abc import Mapping

from connectors.registry import TARGETS
from contracts.connector import Target
from contracts.fields import Canonical, OrderField, StepField, TaskField
from desk.generate.markdown import code, page, table

_SORTS: Mapping[type[Canonical], tuple[str, str]] = {
    TaskField: ("Tasks and notices", "Chosen by `fields` of a target's account."),
    OrderField: ("Orders", "What stands beside an order of its delivery, at targets that keep orders."),
    StepField: ("Steps", "What is told of each step of a delivery, at targets that take steps."),
}


def fields_page() -> str:
    """Every canonical name, and every target's own choice."""
    return page(
        "Fields",
        "What can be said of a record at a target, by the names that the configuration uses. All values are texts, in "
        "the account's `language` where they are words; what is not known is empty. Instants are RFC 3339 in UTC. How "
        "to choose: [map fields](../how-to/map-fields.md).",
        *(_names(fields, *about) for fields, about in _SORTS.items()),
        "## What each target writes",
        *(_choice(target) for target in TARGETS.values() if target.default_fields or target.default_status_fields),
    )


def _names(fields: type[Canonical], title: str, about: str) -> str:
    return f"## {title}\n\n{about}\n\n" + table(("name", "what it says"), [(code(f.value), f.about) for f in fields])


def _choice(target: Target) -> str:
    rows = [
        *((code(name), code(field), "a task") for name, field in target.default_fields.items()),
        *((code(name), code(field), "an order") for name, field in target.default_status_fields.items()),
    ]
    return f"### `{target.name}`: {target.title}\n\n" + table(("field", "holds", "of"), rows)
