"""SF Express (顺丰): every operation code (`opCode`) of its routes.

Source: "路由操作码" of SF's open platform, https://open.sf-express.com/developSupport/734349?activeIndex=589678. That
page needs a browser's scripts, so the table follows two copies of it in public integrations, 140 rows. They agree but
for these: one has 3036 and the other has not, and 44 is "on its way to you" in the older and "a courier is being found"
in the newer; in either it is the day of its delivery. Placeholders for names are left out of the rows' names.

"Second-leg" codes (二程接驳) are collections where they say 收件, and otherwise still on the way: 204 or 44 follows.
648 does not say whether the parcel goes back or on to somebody else, only that it does so under another number:
somebody must look. 658 says that a partner's shop handed it on to deliver; that it arrived, 80 says.
"""

from types import MappingProxyType

from contracts.tracking import Owner, Reason, TrackingStatus
from mappings.meaning import Meaning

_Status = TrackingStatus

CODES = MappingProxyType(
    {
        # Before the carrier has it
        "127": Meaning("寄件客户将快件放至丰巢", _Status.REGISTERED),
        "138": Meaning("用户自助寄件", _Status.REGISTERED),
        "141": Meaning("预售件准备发运", _Status.REGISTERED),
        "201": Meaning("准备拣货", _Status.REGISTERED),
        "205": Meaning("仓库内操作-订单审核", _Status.REGISTERED),
        "206": Meaning("仓库内操作-拣货", _Status.REGISTERED),
        "646": Meaning("包装完成", _Status.REGISTERED),
        "647": Meaning("寄方准备快件中", _Status.REGISTERED),
        # Collected
        "41": Meaning("交收件联(二程接驳收件)", _Status.PICKED_UP),
        "46": Meaning("二程接驳收件", _Status.PICKED_UP),
        "50": Meaning("顺丰已收件", _Status.PICKED_UP),
        "51": Meaning("一票多件的子件", _Status.PICKED_UP),
        "54": Meaning("上门收件", _Status.PICKED_UP),
        "96": Meaning("整车发货", _Status.PICKED_UP),
        "129": Meaning("快递员从丰巢收件成功", _Status.PICKED_UP),
        "188": Meaning("KC揽收", _Status.PICKED_UP),
        "202": Meaning("出库", _Status.PICKED_UP),
        "214": Meaning("星管家收件", _Status.PICKED_UP),
        "607": Meaning("代理收件", _Status.PICKED_UP),
        "633": Meaning("港澳台二程接驳收件", _Status.PICKED_UP),
        "651": Meaning("SLC已揽件", _Status.PICKED_UP),
        "655": Meaning("合作点收件", _Status.PICKED_UP),
        "700": Meaning("拍照收件", _Status.PICKED_UP),
        "701": Meaning("一票多件拍照收件", _Status.PICKED_UP),
        "850": Meaning("集收", _Status.PICKED_UP),
        "851": Meaning("集收", _Status.PICKED_UP),
        "950": Meaning("快速收件", _Status.PICKED_UP),
        # On its way
        "10": Meaning("办事处发车/中转发车/海关发车/机场发货", _Status.IN_TRANSIT),
        "11": Meaning("办事处到车/中转到车/海关到车/机场提货", _Status.IN_TRANSIT),
        "30": Meaning("快件已装车，准备发往下一站", _Status.IN_TRANSIT),
        "31": Meaning("快件到达", _Status.IN_TRANSIT),
        "34": Meaning("滞留件出仓", _Status.IN_TRANSIT),
        "36": Meaning("封车操作", _Status.IN_TRANSIT),
        "43": Meaning("收件入仓", _Status.IN_TRANSIT),
        "47": Meaning("二程接驳派件", _Status.IN_TRANSIT),
        "64": Meaning("晨配转出", _Status.IN_TRANSIT),
        "65": Meaning("晨配转入", _Status.IN_TRANSIT),
        "75": Meaning("混建包复核", _Status.IN_TRANSIT),
        "84": Meaning("重量复核", _Status.IN_TRANSIT),
        "86": Meaning("晨配装车", _Status.IN_TRANSIT),
        "87": Meaning("晨配卸车", _Status.IN_TRANSIT),
        "88": Meaning("外资航空起飞", _Status.IN_TRANSIT),
        "89": Meaning("外资航空落地", _Status.IN_TRANSIT),
        "99": Meaning("应客户要求，快件正在转寄中", _Status.IN_TRANSIT),
        "105": Meaning("航空起飞", _Status.IN_TRANSIT),
        "106": Meaning("航空落地", _Status.IN_TRANSIT),
        "123": Meaning("快件正送往顺丰店/站", _Status.IN_TRANSIT),
        "126": Meaning("快递员取消派件将快件取出丰巢", _Status.IN_TRANSIT),
        "136": Meaning("落地配装车", _Status.IN_TRANSIT),
        "137": Meaning("落地配卸车", _Status.IN_TRANSIT),
        "147": Meaning("整车在途", _Status.IN_TRANSIT),
        "151": Meaning("分配师傅", _Status.IN_TRANSIT),
        "152": Meaning("师傅预约", _Status.IN_TRANSIT),
        "153": Meaning("师傅提货", _Status.IN_TRANSIT),
        "186": Meaning("KC装车", _Status.IN_TRANSIT),
        "187": Meaning("KC卸车", _Status.IN_TRANSIT),
        "189": Meaning("KC快件交接", _Status.IN_TRANSIT),
        "190": Meaning("无人车发车", _Status.IN_TRANSIT),
        "208": Meaning("代理交接", _Status.IN_TRANSIT),
        "211": Meaning("星管家派件交接", _Status.IN_TRANSIT),
        "302": Meaning("车辆发车", _Status.IN_TRANSIT),
        "304": Meaning("离开经停点", _Status.IN_TRANSIT),
        "405": Meaning("船舶离港", _Status.IN_TRANSIT),
        "406": Meaning("船舶到港", _Status.IN_TRANSIT),
        "407": Meaning("接驳点收件出仓", _Status.IN_TRANSIT),
        "570": Meaning("铁路发车", _Status.IN_TRANSIT),
        "571": Meaning("铁路到车", _Status.IN_TRANSIT),
        "605": Meaning("运力抵达口岸", _Status.IN_TRANSIT),
        "626": Meaning("到转第三方快递", _Status.IN_TRANSIT),
        "627": Meaning("寄转第三方快递", _Status.IN_TRANSIT),
        "634": Meaning("港澳台二程接驳派件", _Status.IN_TRANSIT),
        "643": Meaning("门市/顺丰站快件转移", _Status.IN_TRANSIT),
        "649": Meaning("代理转运", _Status.IN_TRANSIT),
        "656": Meaning("合作点交接给顺丰", _Status.IN_TRANSIT),
        "657": Meaning("合作点从顺丰交接", _Status.IN_TRANSIT),
        "664": Meaning("客户接触点交接", _Status.IN_TRANSIT),
        "676": Meaning("顺PHONE车", _Status.IN_TRANSIT),
        "830": Meaning("出库", _Status.IN_TRANSIT),
        "831": Meaning("入库", _Status.IN_TRANSIT),
        "843": Meaning("集收入库", _Status.IN_TRANSIT),
        "847": Meaning("二程接驳", _Status.IN_TRANSIT),
        "900": Meaning("订舱路由", _Status.IN_TRANSIT),
        "921": Meaning("晨配在途", _Status.IN_TRANSIT),
        "930": Meaning("外配装车", _Status.IN_TRANSIT),
        "931": Meaning("外配卸车", _Status.IN_TRANSIT),
        "932": Meaning("外配交接", _Status.IN_TRANSIT),
        "3036": Meaning("快件准备送往下一站", _Status.IN_TRANSIT),
        # Customs and quarantine
        "15": Meaning("海关查验", _Status.CUSTOMS),
        "16": Meaning("正式报关待申报", _Status.CUSTOMS),
        "17": Meaning("海关待查", _Status.CUSTOMS),
        "604": Meaning("CFS清关", _Status.CUSTOMS),
        "612": Meaning("暂存口岸待申报", _Status.CUSTOMS),
        "614": Meaning("清关时效延长", _Status.CUSTOMS, Reason.DELAYED, Owner.CUSTOMS),
        "619": Meaning("检疫查验", _Status.CUSTOMS),
        "620": Meaning("检疫待查", _Status.CUSTOMS),
        "613": Meaning("海关放行待补税", _Status.CUSTOMS, Reason.PAYMENT_DUE, Owner.RECIPIENT, action_required=True),
        "14": Meaning("货件已放行", _Status.IN_TRANSIT),
        "606": Meaning("清关完成", _Status.IN_TRANSIT),
        "623": Meaning("海关数据放行", _Status.IN_TRANSIT),
        "18": Meaning("海关扣件", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.CUSTOMS, action_required=True),
        "621": Meaning("检疫扣件", _Status.EXCEPTION, Reason.CUSTOMS_PROBLEM, Owner.CUSTOMS, action_required=True),
        # To the recipient
        "44": Meaning("正在派送途中", _Status.OUT_FOR_DELIVERY),
        "122": Meaning("加时区域派件出仓", _Status.OUT_FOR_DELIVERY),
        "154": Meaning("师傅上门", _Status.OUT_FOR_DELIVERY),
        "204": Meaning("派件责任交接", _Status.OUT_FOR_DELIVERY),
        "212": Meaning("星管家派送", _Status.OUT_FOR_DELIVERY),
        "630": Meaning("落地配派件出仓", _Status.OUT_FOR_DELIVERY),
        "658": Meaning("合作点已派件", _Status.OUT_FOR_DELIVERY),
        "677": Meaning("顺手派", _Status.OUT_FOR_DELIVERY),
        "844": Meaning("配送出库", _Status.OUT_FOR_DELIVERY),
        "880": Meaning("上门派件", _Status.OUT_FOR_DELIVERY),
        "933": Meaning("外配出仓", _Status.OUT_FOR_DELIVERY),
        "125": Meaning("快递员派件至丰巢", _Status.AVAILABLE_FOR_PICKUP),
        "130": Meaning("快件到达顺丰店/站", _Status.AVAILABLE_FOR_PICKUP),
        "632": Meaning("储物柜交接", _Status.AVAILABLE_FOR_PICKUP),
        "642": Meaning("门市/顺丰站快件上架", _Status.AVAILABLE_FOR_PICKUP),
        "678": Meaning("快件到达驿站", _Status.AVAILABLE_FOR_PICKUP),
        "70": Meaning("由于某种原因，派件不成功", _Status.DELIVERY_ATTEMPTED, Reason.DELIVERY_FAILED),
        "80": Meaning("已签收", _Status.DELIVERED),
        "97": Meaning("整车签收", _Status.DELIVERED),
        "128": Meaning("客户从丰巢取件成功", _Status.DELIVERED),
        "679": Meaning("驿站完成派件", _Status.DELIVERED),
        "935": Meaning("外配签收", _Status.DELIVERED),
        "8000": Meaning("在官网“运单资料&签收图”可查看签收人信息", _Status.DELIVERED),
        # Back to the sender, or on under another number
        "631": Meaning("新单退回", _Status.RETURNING, returning=True),
        "215": Meaning("星管家退件给客户", _Status.RETURNED, returning=True),
        "660": Meaning("合作点退件给客户", _Status.RETURNED, returning=True),
        "648": Meaning(
            "快件已退回/转寄，有新单号", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER, action_required=True
        ),
        # What went wrong
        "33": Meaning("派件异常原因", _Status.EXCEPTION, Reason.DELIVERY_FAILED, Owner.CARRIER),
        "66": Meaning("中转批量滞留", _Status.EXCEPTION, Reason.HELD, Owner.CARRIER),
        "72": Meaning("标记异常", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "77": Meaning("中转滞留", _Status.EXCEPTION, Reason.HELD, Owner.CARRIER),
        "131": Meaning("快递员从丰巢收件失败", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "611": Meaning("理货异常", _Status.EXCEPTION, Reason.PROBLEM, Owner.CARRIER),
        "833": Meaning("滞留件入仓", _Status.EXCEPTION, Reason.HELD, Owner.CARRIER),
        "870": Meaning("非正常派件", _Status.EXCEPTION, Reason.DELIVERY_FAILED, Owner.CARRIER),
        "934": Meaning("外配异常", _Status.EXCEPTION, Reason.DELIVERY_FAILED, Owner.CARRIER),
        # Unknown on purpose: only their text says anything
        "98": Meaning("代理路由信息", _Status.UNKNOWN),
        "135": Meaning("信息记录", _Status.UNKNOWN),
        "140": Meaning("国际件特殊通知", _Status.UNKNOWN),
    }
)
"""From each code to its meaning."""
