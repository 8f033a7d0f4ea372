"""Kuaidi100 (快递100): every code of its basic (`state`) and advanced (`statusCode`) tables.

Source: "运单快递状态(state)说明", section 1.6 of https://api.kuaidi100.com/document/5f0ffb5ebc8da837cbd8aefc (also at
https://apifox.com/apidoc/project-514987/api-8562559), which the push's page refers to. A subscription with
`resultv2=4` is sent advanced codes, in the scans as in the parcel's state; without it, basic ones.

Editions of that page differ in two rows. 14 (拒签) is "refused by the recipient" in one and "refused, and the sender
has signed for it" in another: refused is what both say, so it stays an exception that somebody must look at, on its
way back. 304 (投柜或站签收) is "signed for by the locker or station" in one and "collected from it" in another: the
vendor ends its monitoring at either, and so do we. The older push pages name 7 转单 and 1 已揽收 for the same codes.
"""

from types import MappingProxyType

from contracts.tracking import Owner, Reason, TrackingStatus
from mappings.meaning import Meaning

_Status = TrackingStatus

CODES = MappingProxyType(
    {
        "1": Meaning("揽收", _Status.PICKED_UP),
        "101": Meaning("已下单", _Status.REGISTERED),
        "102": Meaning("待揽收", _Status.REGISTERED),
        "103": Meaning("已揽收", _Status.PICKED_UP),
        "0": Meaning("在途", _Status.IN_TRANSIT),
        "1001": Meaning("到达派件城市", _Status.IN_TRANSIT),
        "1002": Meaning("干线", _Status.IN_TRANSIT),
        "1003": Meaning("转递", _Status.IN_TRANSIT),
        "5": Meaning("派件", _Status.OUT_FOR_DELIVERY),
        "501": Meaning("投柜或驿站", _Status.AVAILABLE_FOR_PICKUP),
        "3": Meaning("签收", _Status.DELIVERED),
        "301": Meaning("本人签收", _Status.DELIVERED),
        "302": Meaning("派件异常后签收", _Status.DELIVERED),
        "303": Meaning("代签", _Status.DELIVERED),
        "304": Meaning("投柜或站签收", _Status.DELIVERED),
        "6": Meaning("退回", _Status.RETURNING, returning=True),
        "4": Meaning("退签", _Status.RETURNED, returning=True),
        "401": Meaning("已销单", _Status.CANCELLED, Reason.WITHDRAWN),
        "14": Meaning("拒签", _Status.EXCEPTION, Reason.REFUSED, Owner.RECIPIENT, action_required=True, returning=True),
        "7": Meaning("转投", _Status.IN_TRANSIT),
        "2": Meaning("疑难", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "201": Meaning("超时未签收", _Status.EXCEPTION, Reason.NOT_SIGNED_IN_TIME, Owner.CARRIER),
        "202": Meaning("超时未更新", _Status.EXCEPTION, Reason.NO_NEWS, Owner.CARRIER),
        "203": Meaning("拒收", _Status.EXCEPTION, Reason.REFUSED, Owner.RECIPIENT, action_required=True),
        "204": Meaning("派件异常", _Status.EXCEPTION, Reason.DELIVERY_FAILED, Owner.CARRIER),
        "205": Meaning(
            "柜或驿站超时未取", _Status.EXCEPTION, Reason.NOT_COLLECTED, Owner.RECIPIENT, action_required=True
        ),
        "206": Meaning(
            "无法联系", _Status.EXCEPTION, Reason.RECIPIENT_UNREACHABLE, Owner.RECIPIENT, action_required=True
        ),
        "207": Meaning("超区", _Status.EXCEPTION, Reason.OUT_OF_AREA, Owner.CARRIER, action_required=True),
        "208": Meaning("滞留", _Status.EXCEPTION, Reason.HELD, Owner.CARRIER),
        "209": Meaning("破损", _Status.EXCEPTION, Reason.DAMAGED, Owner.CARRIER, action_required=True),
        "210": Meaning("销单", _Status.CANCELLED, Reason.WITHDRAWN, Owner.SHIPPER),
        "8": Meaning("清关", _Status.CUSTOMS),
        "10": Meaning("待清关", _Status.CUSTOMS),
        "11": Meaning("清关中", _Status.CUSTOMS),
        "12": Meaning("已清关", _Status.IN_TRANSIT),
        "13": Meaning("清关异常", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.CUSTOMS, action_required=True),
    }
)
"""From each code to its meaning."""

CODE_OF_NAME = MappingProxyType({meaning.name: code for code, meaning in CODES.items()})
"""From each of the vendor's names to its code: with `resultv2=1` a scan carries the name alone."""
