"""From an ERP's name of a unit to its code in UN/ECE Recommendation 20. Each ERP's table stands beside its mapping."""

from collections.abc import Mapping

from contracts.errors import Rejected
from mappings.erp.options import own_unit


def unit_code(name: str, table: Mapping[str, str], options: Mapping[str, str], path: str) -> str:
    """Give the code of a unit's name; raises Rejected at `path` where neither the account nor the table knows it."""
    code = own_unit(options, name) or table.get(name)
    if code is None:
        raise Rejected(
            f"found the unit {name!r}; expected one that comes with the ERP, or the account's option `unit.{name}` with"
            " its UN/ECE Recommendation 20 code",
            code="unknown_unit",
            path=path,
        )
    return code
