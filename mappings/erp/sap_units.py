"""SAP's units of measure in the codes of UN/ECE Recommendation 20 (revision 17, column "Common Code").

`ISO`: what IDocs and the ISO fields of OData say, the "ISO code" that SAP keeps beside each unit (table T006, field
ISOCODE). Most are codes of Recommendation 20 as it was when SAP adopted it; what was a package there is one of
Recommendation 21 now, written with an X before it (Recommendation 20, revision 17, section 8). `COMMERCIAL`: SAP's own
names of units, in German and English, for services that give no ISO code. No reachable page lists all units that SAP
delivers; what is in no table is refused, and named by the account's option `unit.NAME` (`mappings.erp.options`).
"""

from collections.abc import Mapping

_SAME = """
ACR AMP BAR BLL C62 CEL CLT CMK CMQ CMT DAY DLT DMK DMQ DMT DZN EA FAH FOT FTK FTQ GLI GLL GRM GRO HAR HLT HMT HTZ HUR
INH INK INQ JOU KEL KGM KHZ KJO KMK KMT KPA KVA KWH KWT LBR LTN LTR MBR MGM MHZ MIN MLT MMK MMQ MMT MON MPA MTK MTQ MTR
MTS MWH NEW NMI OHM ONZ OZA OZI PAL PR PTI PTL QTI QTL SEC SET SMI STI STN TNE VLT WEE WTT YDK YDQ YRD 4G 4H MC P1
"""
_PACKAGES = {
    "BG": "XBG",
    "BO": "XBO",
    "BX": "XBX",
    "CA": "XCA",
    "CR": "XCR",
    "CS": "XCS",
    "CT": "XCT",
    "DR": "XDR",
    "PA": "XPA",
    "PF": "XPX",
    "PK": "XPK",
    "RO": "XRO",
}

ISO: Mapping[str, str] = {
    **{code: code for code in _SAME.split()},
    **{code: code for code in _PACKAGES.values()},
    **_PACKAGES,
    "PCE": "C62",
    "NMB": "C62",
    "ROL": "XRO",
    "ANN": "ANN",
}
"""From an ISO code of SAP's. A piece is one, as it is in the units of other systems, so that both can be reckoned."""

COMMERCIAL: Mapping[str, str] = {
    "ST": "C62",
    "PC": "C62",
    "EA": "EA",
    "AU": "C62",
    "PAA": "PR",
    "DZ": "DZN",
    "GRO": "GRO",
    "KAR": "XCT",
    "CAR": "XCT",
    "CV": "XCS",
    "KI": "XCR",
    "CRT": "XCR",
    "PAK": "XPK",
    "PAC": "XPK",
    "PAL": "XPX",
    "ROL": "XRO",
    "KAN": "XCA",
    "CAN": "XCA",
    "FA": "XDR",
    "DR": "XDR",
    "SCH": "XBG",
    "BAG": "XBG",
    "FL": "XBO",
    "BT": "XBO",
    "MG": "MGM",
    "G": "GRM",
    "KG": "KGM",
    "TO": "TNE",
    "T": "TNE",
    "LB": "LBR",
    "OZ": "ONZ",
    "MM": "MMT",
    "CM": "CMT",
    "M": "MTR",
    "KM": "KMT",
    '"': "INH",
    "IN": "INH",
    "FT": "FOT",
    "YD": "YRD",
    "MI": "SMI",
    "MM2": "MMK",
    "CM2": "CMK",
    "M2": "MTK",
    "KM2": "KMK",
    "MM3": "MMQ",
    "CD3": "DMQ",
    "CCM": "CMQ",
    "CM3": "CMQ",
    "M3": "MTQ",
    "ML": "MLT",
    "CL": "CLT",
    "L": "LTR",
    "HL": "HLT",
    "GAL": "GLL",
    "S": "SEC",
    "MIN": "MIN",
    "H": "HUR",
    "HR": "HUR",
    "STD": "HUR",
    "TAG": "DAY",
    "DAY": "DAY",
    "KWH": "KWH",
}
"""From SAP's own name of a unit."""
