"""Tryton's units of measure in the codes of UN/ECE Recommendation 20 (revision 17, column "Common Code").

Tryton's own are those that its module `product` creates (trytond_product 8.2, `uom.xml`). A company's own units are
given by the account's options (`options`): `unit.SYMBOL: CODE`, for example `unit.box: XBX`, which also outweigh
this table.
"""

from collections.abc import Mapping

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
