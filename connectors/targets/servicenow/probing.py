"""What stands against an account at a running ServiceNow; reads only.

Columns are told by the dictionary (`sys_dictionary`), which our user may read where it was given that right; whether it
may write a column shows only at a write. Tables between ours and `task` are not looked into.
"""

from collections.abc import Sequence

from connectors.probing import problems_of
from connectors.targets.servicenow.api import TableApi
from contracts.settings import TargetAccount
from mappings.tickets import servicenow as mapping


async def problems(api: TableApi, account: TargetAccount) -> list[str]:
    """Give what is missing, a sentence each."""
    options = mapping.options_of(account)
    needed = {*mapping.owned(account), options.key_column, mapping.PLACE, mapping.EPISODE}

    async def table() -> Sequence[str]:
        await api.find(options.table, f"{mapping.PLACE}STARTSWITH{mapping.PREFIX}", ("sys_id",), limit=1)
        return ()

    async def columns() -> Sequence[str]:
        query = f"elementIN{','.join(sorted(needed))}^nameIN{options.table},task"
        rows = await api.find("sys_dictionary", query, ("sys_id", "element", "name", "read_only"))
        if not rows:
            return ("our user may not read sys_dictionary, so nothing is known of the table's columns",)
        found = {row.get("element", "") for row in rows}
        fixed = {row["element"] for row in rows if row.get("read_only") == "true"}
        missing = [f"the table {options.table!r} lacks the column {name!r}" for name in sorted(needed - found)]
        return [*missing, *(f"the column {name!r} is read-only" for name in sorted(fixed & needed))]

    return await problems_of(table, columns)
