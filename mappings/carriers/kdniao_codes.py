"""Kdniao (快递鸟): every code of its states (`State`) and detailed states (`StateEx`, and each trace's `Action`).

Source: the two tables "物流状态" and "增值物流状态" of its interface documentation at https://www.kdniao.com/api-track,
as the merchant's push page, https://apifox.com/apidoc/docs-site/2538027/doc-2283185, refers to them; that page lists
thirteen of the rows itself. The plain states, 0 to 5, are also rows of the detailed table and mean the same there, so
one table of 41 rows serves both.

Editions differ in 311: "signed for by the locker or station" and "collected from it"; the vendor counts it as delivered
in either. 407 is a return that its sender has not signed for, so one that is still on its way; 418 is the courier who
takes a parcel out of a locker, which the vendor lists among the problems, though the parcel is on its way again.
"""

from types import MappingProxyType

from contracts.tracking import Owner, Reason, TrackingStatus
from mappings.meaning import Meaning

_Status = TrackingStatus

CODES = MappingProxyType(
    {
        # Collected
        "10": Meaning("待揽件", _Status.REGISTERED),
        "1": Meaning("已揽收", _Status.PICKED_UP),
        # On its way
        "2": Meaning("在途中", _Status.IN_TRANSIT),
        "201": Meaning("到达派件城市", _Status.IN_TRANSIT),
        "204": Meaning("到达转运中心", _Status.IN_TRANSIT),
        "205": Meaning("到达派件网点", _Status.IN_TRANSIT),
        "206": Meaning("寄件网点发件", _Status.IN_TRANSIT),
        "5": Meaning("转寄", _Status.IN_TRANSIT),
        "202": Meaning("派件中", _Status.OUT_FOR_DELIVERY),
        "211": Meaning("已放入快递柜或驿站", _Status.AVAILABLE_FOR_PICKUP),
        # Delivered
        "3": Meaning("已签收", _Status.DELIVERED),
        "301": Meaning("正常签收", _Status.DELIVERED),
        "302": Meaning("异常后最终签收", _Status.DELIVERED),
        "304": Meaning("代收签收", _Status.DELIVERED),
        "311": Meaning("快递柜或驿站签收", _Status.DELIVERED),
        # What went wrong
        "4": Meaning("问题件", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "401": Meaning("发货无信息", _Status.EXCEPTION, Reason.NO_NEWS, Owner.SHIPPER),
        "402": Meaning("超时未签收", _Status.EXCEPTION, Reason.NOT_SIGNED_IN_TIME, Owner.CARRIER),
        "403": Meaning("超时未更新", _Status.EXCEPTION, Reason.NO_NEWS, Owner.CARRIER),
        "404": Meaning(
            "拒收（退件）", _Status.EXCEPTION, Reason.REFUSED, Owner.RECIPIENT, action_required=True, returning=True
        ),
        "405": Meaning("派件异常", _Status.EXCEPTION, Reason.DELIVERY_FAILED, Owner.CARRIER),
        "412": Meaning(
            "快递柜或驿站超时未取", _Status.EXCEPTION, Reason.NOT_COLLECTED, Owner.RECIPIENT, action_required=True
        ),
        "413": Meaning("单号已拦截", _Status.EXCEPTION, Reason.WITHDRAWN, Owner.SHIPPER),
        "414": Meaning("破损", _Status.EXCEPTION, Reason.DAMAGED, Owner.CARRIER, action_required=True),
        "416": Meaning(
            "无法联系", _Status.EXCEPTION, Reason.RECIPIENT_UNREACHABLE, Owner.RECIPIENT, action_required=True
        ),
        "417": Meaning("配送延迟", _Status.EXCEPTION, Reason.DELAYED, Owner.CARRIER),
        "420": Meaning("收货地址不详细", _Status.EXCEPTION, Reason.WRONG_ADDRESS, Owner.SHIPPER, action_required=True),
        "421": Meaning(
            "收件人电话错误", _Status.EXCEPTION, Reason.RECIPIENT_UNREACHABLE, Owner.SHIPPER, action_required=True
        ),
        "422": Meaning("错分件", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "423": Meaning("超区件", _Status.EXCEPTION, Reason.OUT_OF_AREA, Owner.CARRIER, action_required=True),
        "418": Meaning("快件取出", _Status.IN_TRANSIT),
        "419": Meaning("重新派送", _Status.OUT_FOR_DELIVERY),
        "415": Meaning("客户取消发货", _Status.CANCELLED, Reason.WITHDRAWN, Owner.SHIPPER),
        # Back to the sender
        "407": Meaning("退货未签收", _Status.RETURNING, returning=True),
        "406": Meaning("退货签收", _Status.RETURNED, returning=True),
        # Customs
        "6": Meaning("清关", _Status.CUSTOMS),
        "601": Meaning("待清关", _Status.CUSTOMS),
        "602": Meaning("清关中", _Status.CUSTOMS),
        "603": Meaning("已清关", _Status.IN_TRANSIT),
        "604": Meaning("清关异常", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.CUSTOMS, action_required=True),
        # Unknown on purpose: nothing was told yet
        "0": Meaning("暂无轨迹信息", _Status.UNKNOWN),
    }
)
"""From each code to its meaning."""
