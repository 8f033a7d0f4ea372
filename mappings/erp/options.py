"""The options of an account that the mappings of ERP documents know.

`unit.NAME`: the UN/ECE Recommendation 20 code of a unit, by the name that the ERP has for it; it outweighs the table of
the connector. `delivery_days`: how many days after shipping a delivery is promised, where the ERP promises the shipping
and not the arrival.
"""

import re
from collections.abc import Collection, Mapping
from datetime import timedelta

from contracts.errors import Rejected

DELIVERY_DAYS, UNIT = "delivery_days", "unit."
_CODE = re.compile(r"[A-Z0-9]{2,3}")
_DAYS = re.compile(r"[0-9]{1,3}")


def check(options: Mapping[str, str], others: Collection[str] = ()) -> None:
    """Refuse options that are unknown, or have a wrong value. others: the names that the account may have besides."""
    delivery_time(options)
    for name in options:
        if name.startswith(UNIT) and name != UNIT:
            own_unit(options, name.removeprefix(UNIT))
        elif name != DELIVERY_DAYS:
            known = ", ".join([*sorted({*others, DELIVERY_DAYS}), f"{UNIT}SYMBOL"])
            raise Rejected(f"the option `{name}` is unknown; there are: {known}", code="bad_option")


def delivery_time(options: Mapping[str, str]) -> timedelta:
    """Read the option `delivery_days`; raises Rejected where it is no number of days."""
    days = options.get(DELIVERY_DAYS, "0")
    if not _DAYS.fullmatch(days):
        raise Rejected(f"the account's option `{DELIVERY_DAYS}` is {days!r}; expected days", code="bad_option")
    return timedelta(days=int(days))


def own_unit(options: Mapping[str, str], symbol: str) -> str | None:
    """Read the option of a unit's symbol; None where there is none. Raises Rejected where it is no code."""
    code = options.get(UNIT + symbol)
    if code and not _CODE.fullmatch(code):
        reason = f"the account's option `{UNIT}{symbol}` is {code!r}; expected a UN/ECE Recommendation 20 code"
        raise Rejected(reason, code="bad_option")
    return code or None
