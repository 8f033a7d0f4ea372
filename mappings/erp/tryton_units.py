"""Tryton's units of measure in the codes of UN/ECE Recommendation 20 (revision 17, column "Common Code").

Tryton's own are those that its module `product` creates (trytond_product 8.2, `uom.xml`). A company's own units are
given by the account's options (`tryton_options`): `unit.SYMBOL: CODE`, for example `unit.box: XBX`, which also outweigh
this table.
"""

from collections.abc import Mapping

from contracts.errors import Rejected
from mappings.erp.tryton_options import own_unit

UNITS: Mapping[str, str] = {
    "u": "C62",
    "kg": "KGM",
    "g": "GRM",
    "c": "CTM",
    "lb": "LBR",
    "oz": "ONZ",
    "s": "SEC",
    "min": "MIN",
    "h": "HUR",
    "d": "DAY",
    "m": "MTR",
    "km": "KMT",
    "cm": "CMT",
    "mm": "MMT",
    "ft": "FOT",
    "in": "INH",
    "yd": "YRD",
    "mi": "SMI",
    "m³": "MTQ",
    "cm³": "CMQ",
    "l": "LTR",
    "in³": "INQ",
    "ft³": "FTQ",
    "gal": "GLL",
    "m²": "MTK",
    "cm²": "CMK",
    "a": "ARE",
    "ha": "HAR",
    "in²": "INK",
    "ft²": "FTK",
    "yd²": "YDK",
    "J": "JOU",
    "MJ": "3B",
    "kW⋅h": "KWH",
    "MW⋅h": "MWH",
}


def unit_code(symbol: str, options: Mapping[str, str], path: str) -> str:
    """Give the code of a unit's symbol; raises Rejected at `path` where neither the account nor the table knows it."""
    code = own_unit(options, symbol) or UNITS.get(symbol)
    if code is None:
        raise Rejected(
            f"found the unit {symbol!r}; expected one of Tryton's own, or the account's option `unit.{symbol}`"
            " with its UN/ECE Recommendation 20 code",
            code="unknown_unit",
            path=path,
        )
    return code
