"""What stands against an account at a running Tryton: models and fields that are missing, or may not be read."""

from collections.abc import Iterable, Sequence
from functools import partial

from connectors.pollers.tryton_fields import Kind, refuse_hidden
from connectors.pollers.tryton_rest import TrytonRest
from connectors.probing import problems_of


async def problems(rest: TrytonRest, kinds: Iterable[Kind], company: int, existing: frozenset[str]) -> list[str]:
    """Give what is missing, a sentence each. existing: which optional fields the database has."""
    return await problems_of(*(partial(_unreadable, rest, kind, company, existing) for kind in kinds))


async def _unreadable(rest: TrytonRest, kind: Kind, company: int, existing: frozenset[str]) -> Sequence[str]:
    """Read one record, as a poll would: Tryton says so where a right is missing, and hides a field without a word."""
    fields = kind.fields_of(existing)
    for row in await rest.search(kind.model, [["company", "=", company]], fields, 1):
        refuse_hidden(kind.model, row, fields)
    return ()
