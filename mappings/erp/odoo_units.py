"""Odoo's units of measure in the codes of UN/ECE Recommendation 20 (revision 17, column "Common Code").

Those that its module `uom` creates, by their English names, from Odoo 17 to 19
(https://github.com/odoo/odoo/blob/18.0/addons/uom/data/uom_data.xml and .../19.0/...). `Pack of 6` (19) has no code: it
is a number of pieces, and the account says by an option what it is to be.
"""

from collections.abc import Mapping

UNITS: Mapping[str, str] = {
    "Units": "C62",
    "Dozens": "DZN",
    "Hours": "HUR",
    "Days": "DAY",
    "mm": "MMT",
    "cm": "CMT",
    "m": "MTR",
    "km": "KMT",
    "in": "INH",
    "inch": "INH",
    "ft": "FOT",
    "foot": "FOT",
    "yd": "YRD",
    "mi": "SMI",
    "m²": "MTK",
    "ft²": "FTK",
    "L": "LTR",
    "m³": "MTQ",
    "in³": "INQ",
    "ft³": "FTQ",
    "fl oz (US)": "OZA",
    "qt (US)": "QTL",
    "gal (US)": "GLL",
    "g": "GRM",
    "kg": "KGM",
    "t": "TNE",
    "Ton": "TNE",
    "oz": "ONZ",
    "lb": "LBR",
}
