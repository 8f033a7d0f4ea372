"""What stands against an account at a running Odoo: models and fields that are missing, or may not be read."""

from collections.abc import Mapping, Sequence
from functools import partial

from connectors.pollers.odoo_api import OdooApi, search_read
from connectors.pollers.odoo_fields import (
    LOOKED_UP,
    MOVE,
    MOVE_FIELDS,
    PICKING,
    PICKING_FIELDS,
    SALE,
    SALE_FIELDS,
    SALE_LINE,
    SALE_LINE_FIELDS,
)
from connectors.probing import problems_of

READ: Mapping[str, tuple[str, ...]] = {
    SALE: SALE_FIELDS,
    SALE_LINE: SALE_LINE_FIELDS,
    PICKING: PICKING_FIELDS,
    MOVE: MOVE_FIELDS,
    **LOOKED_UP,
}
"""What is read of every database, by model."""


async def problems(api: OdooApi) -> list[str]:
    """Give what is missing, a sentence each."""
    return await problems_of(*(partial(_unreadable, api, model, fields) for model, fields in READ.items()))


async def _unreadable(api: OdooApi, model: str, fields: Sequence[str]) -> Sequence[str]:
    existing = await api.call(model, "fields_get", allfields=list(fields), attributes=["type"])
    if missing := [field for field in fields if field not in existing]:
        return [f"Odoo's {model} has no field {', '.join(missing)}, or the key's user may not see it"]
    await search_read(api, model, [], fields, 1)
    return ()
