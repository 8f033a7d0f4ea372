"""Units of measure by the names that Chinese ERPs give them, in the codes of UN/ECE Recommendation 20 (revision 17).

Kingdee and Yonyou let each company keep a list of its own, and no page that can be reached lists what they deliver. So
these are the legal units (GB 3100-1993) and the measure words of trade in Chinese, and the letters that stand for them;
what is none of them is refused, and named by the account's option `unit.NAME` (`mappings.erp.options`).
"""

from collections.abc import Mapping

UNITS: Mapping[str, str] = {
    **dict.fromkeys(("个", "件", "只", "台", "支", "块", "把", "条", "根", "张", "枚", "颗", "PCS", "PC", "EA"), "C62"),
    **dict.fromkeys(("套", "SET"), "SET"),
    **dict.fromkeys(("双", "对", "副", "PR"), "PR"),
    **dict.fromkeys(("打", "DOZ"), "DZN"),
    **dict.fromkeys(("箱", "BOX"), "XBX"),
    **dict.fromkeys(("盒",), "XBX"),
    **dict.fromkeys(("包", "PAK"), "XPK"),
    **dict.fromkeys(("袋", "BAG"), "XBG"),
    **dict.fromkeys(("桶",), "XBJ"),
    **dict.fromkeys(("瓶", "BOT"), "XBO"),
    **dict.fromkeys(("罐", "CAN"), "XCA"),
    **dict.fromkeys(("卷", "ROL"), "XRO"),
    **dict.fromkeys(("托", "托盘"), "XPX"),
    **dict.fromkeys(("毫克", "MG"), "MGM"),
    **dict.fromkeys(("克", "G"), "GRM"),
    **dict.fromkeys(("千克", "公斤", "KG"), "KGM"),
    **dict.fromkeys(("吨", "T"), "TNE"),
    **dict.fromkeys(("毫米", "MM"), "MMT"),
    **dict.fromkeys(("厘米", "CM"), "CMT"),
    **dict.fromkeys(("米", "M"), "MTR"),
    **dict.fromkeys(("千米", "公里", "KM"), "KMT"),
    **dict.fromkeys(("平方厘米", "CM2"), "CMK"),
    **dict.fromkeys(("平方米", "M2"), "MTK"),
    **dict.fromkeys(("立方厘米", "CM3"), "CMQ"),
    **dict.fromkeys(("立方米", "M3"), "MTQ"),
    **dict.fromkeys(("毫升", "ML"), "MLT"),
    **dict.fromkeys(("升", "L"), "LTR"),
    **dict.fromkeys(("小时", "H"), "HUR"),
    **dict.fromkeys(("天", "日"), "DAY"),
}
"""Letters in capitals, however an ERP writes them."""


def known(names: tuple[str, ...]) -> Mapping[str, str]:
    """Give the table as an ERP writes its names: in whatever case."""
    return {name: UNITS[name.upper()] for name in names if name.upper() in UNITS}
