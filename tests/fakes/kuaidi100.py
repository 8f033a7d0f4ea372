"""Kuaidi100 as https://api.kuaidi100.com/document/pushService and .../5f0ffb5ebc8da837cbd8aefc describe it.

200 registered; 501 registered already and monitored, less than half an hour after it gave up, or for the fifth time in
a month; 600 a wrong key; 700 no number, or no such company; 702 a company that cannot be found out. A query is answered
503 for a wrong signature and 500 where nothing was found; one number asked for twice within half an hour is locked.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from tests.fakes.serving import Pushed, Reply, Request
from tests.fakes.tracking import DELIVERED, TrackingCloud

HALF_AN_HOUR = timedelta(minutes=30)
COMPANIES = {"yuantong", "shunfeng"}
AT_MOST_A_MONTH = 4


@dataclass
class Monitored:
    """One registration."""

    company: str
    callback: str
    salt: str
    is_monitored: bool = True
    ended_at: datetime | None = None
    times: list[datetime] = field(default_factory=list)


@dataclass
class Kuaidi100(TrackingCloud):
    """customer: the number that belongs to the key."""

    customer: str = "C1"
    monitored: dict[str, Monitored] = field(default_factory=dict)
    asked: dict[str, datetime] = field(default_factory=dict)

    def handle(self, request: Request) -> Reply:
        if request.method == "POST" and request.path == "/poll":
            return Reply(body=self._subscribe(json.loads(request.form()["param"])))
        if request.method == "POST" and request.path == "/poll/query.do":
            return Reply(body=self._query(request.form()))
        return Reply(404)

    def _subscribe(self, param: dict[str, Any]) -> dict[str, object]:
        number, company, parameters = param.get("number"), param.get("company"), param["parameters"]
        if param.get("key") != self.key:
            return _returned("600", "您不是合法的订阅者")
        if not number or (company and company not in COMPANIES) or not parameters.get("callbackurl"):
            return _returned("700", "订阅方的订阅数据存在错误")
        if not company and not (parameters.get("autoCom") == "1" and number.startswith("YT")):
            return _returned("702", "识别不到该单号对应的快递公司")
        known = self.monitored.get(number)
        times = [at for at in known.times if self.now - at < timedelta(days=30)] if known else []
        if known and (known.is_monitored or self.now - (known.ended_at or self.now) < HALF_AN_HOUR):
            return _returned("501", "重复订阅")
        if len(times) >= AT_MOST_A_MONTH:
            return _returned("501", "重复订阅")
        callback, salt = parameters["callbackurl"], parameters.get("salt", "")
        self.monitored[number] = Monitored(company or "yuantong", callback, salt, times=[*times, self.now])
        return {"result": True, "returnCode": "200", "message": "提交成功"}

    def _query(self, form: dict[str, str]) -> dict[str, object]:
        signed = hashlib.md5((form["param"] + self.key + self.customer).encode()).hexdigest()  # noqa: S324 theirs
        if form["sign"] != signed.upper() or form["customer"] != self.customer:
            return _returned("503", "验证签名失败")
        param = json.loads(form["param"])
        number = param["num"]
        last, self.asked[number] = self.asked.get(number), self.now
        if last is not None and self.now - last < HALF_AN_HOUR:
            return _returned("400", "该单号查询过于频繁")
        if param.get("com") not in COMPANIES:
            return _returned("400", "找不到对应公司")
        if not self.scans.get(number):
            return _returned("500", "查询无结果，请隔段时间再查")
        return {"message": "ok", "status": "200", **self._result(number, param["com"])}

    def is_registered(self, number: str) -> bool:
        known = self.monitored.get(number)
        return known is not None and known.is_monitored

    def tell(self, number: str) -> None:
        is_over = self.scans[number][-1][1] == DELIVERED
        self._push(number, "shutdown" if is_over else "polling")
        if is_over:
            self._end(number)

    def give_up(self, number: str) -> None:
        self._push(number, "abort", "3天查询无记录")
        self._end(number)

    def later(self, span: timedelta) -> None:
        """Let time pass; what was not found for 3 days is given up."""
        super().later(span)
        for number, known in self.monitored.items():
            is_old = self.now - known.times[-1] >= timedelta(days=3)
            if known.is_monitored and is_old and not self.scans.get(number):
                self.give_up(number)

    def _end(self, number: str) -> None:
        known = self.monitored[number]
        known.is_monitored, known.ended_at = False, self.now

    def _result(self, number: str, company: str) -> dict[str, object]:
        rows = [
            {
                "context": "已签收" if what == DELIVERED else "到达【杭州】",
                "time": _local(at),
                "ftime": _local(at),
                "status": "本人签收" if what == DELIVERED else "干线",
                "statusCode": "301" if what == DELIVERED else "1002",
                "areaName": "浙江,杭州市",
            }
            for at, what in reversed(self.scans.get(number, []))
        ]
        state = rows[0]["statusCode"] if rows else "0"
        return {"nu": number, "com": company, "ischeck": "0", "condition": "", "state": state, "data": rows}

    def _push(self, number: str, status: str, message: str = "") -> None:
        known = self.monitored[number]
        param = {"status": status, "message": message, "autoCheck": "0", "comOld": "", "comNew": ""}
        text = json.dumps(param | {"lastResult": self._result(number, known.company)}, ensure_ascii=False)
        sign = hashlib.md5((text + known.salt).encode()).hexdigest().upper()  # noqa: S324 theirs
        body = urlencode({"sign": sign, "param": text}).encode()
        self.outbox.append(Pushed(known.callback, body, {"content-type": "application/x-www-form-urlencoded"}))


def _returned(code: str, message: str) -> dict[str, object]:
    return {"result": False, "returnCode": code, "message": message}


def _local(at: datetime) -> str:
    return at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M:%S")
