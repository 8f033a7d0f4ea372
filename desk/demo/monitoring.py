"""A stand-in of Kuaidi100's subscription service, for trying things out: no more of it than the sample day needs.

It takes registrations at `POST /poll` as the page has them, keeps them in memory, and pushes only about what was
registered, to the address and signed with the salt that it was told then. What the story has it push about another
parcel is kept until somebody registers that. It gives a parcel up when the story says so, and tells no more of it until
it is registered again, at the earliest half an hour later.

Unlike the vendor's it knows what it will push from a story; it counts no registrations a month, has no query, and finds
out no carrier.

Source: "Tracking Subscription Query API", sections 1.3 to 1.5 of https://api.kuaidi100.com/document/pushService: 200
registered; 501 registered already; 600 not a legitimate subscriber; 700 no number, or no such company.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import parse_qs

from desk.demo.pushes import Push
from desk.demo.registrations import Answer

AGAIN_AFTER = timedelta(minutes=30)
_CODES = {
    Answer.REGISTERED: ("200", "提交成功"),
    Answer.ALREADY: ("501", "重复订阅"),
}


@dataclass(slots=True)
class Monitored:
    """A parcel that was registered. given_up_at: when it was given up, where it was."""

    callback: str
    salt: str
    given_up_at: datetime | None = None


@dataclass(slots=True)
class Monitoring:
    """All registrations, and what waits for one.

    key: of the one account. companies: the carriers' codes. clock: reads the day's time. send: is given each push that
    may go, and the registration that it answers. tell: hears what is worth a line on the screen. again: parcels that
    were registered after they had been given up.
    """

    key: str
    companies: Collection[str]
    clock: Callable[[], datetime]
    send: Callable[[Push, Monitored], None]
    tell: Callable[[str], None]
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    again: set[str] = field(default_factory=set)
    _monitored: dict[str, Monitored] = field(default_factory=dict)
    _kept: dict[str, list[Push]] = field(default_factory=dict)

    @property
    def kept(self) -> list[str]:
        """Name the pushes that wait for a registration."""
        return [push.id for pushes in self._kept.values() for push in pushes]

    def register_by_hand(self, number: str, callback: str, salt: str) -> None:
        """Have a parcel registered as it is on the vendor's own page; nobody was answered."""
        self._monitored[number] = Monitored(callback, salt)

    def subscribe(self, form: bytes) -> dict[str, object]:
        """Answer a registration (form field `param`), and send what was kept for it."""
        fields = parse_qs(form.decode())
        param = json.loads(fields["param"][0])
        number, company, parameters = param["number"], param.get("company"), param["parameters"]
        if param["key"] != self.key:
            return self._refused(number, "600", "您不是合法的订阅者")
        if not number or company not in self.companies or not parameters.get("callbackurl"):
            return self._refused(number, "700", "订阅方的订阅数据存在错误")
        answer = self._register(number, Monitored(parameters["callbackurl"], parameters.get("salt", "")))
        self.answers.setdefault(number, []).append(answer)
        for push in self._kept.pop(number, []) if answer is Answer.REGISTERED else []:
            self.push(push)
        code, message = _CODES[answer]
        return {"result": answer is Answer.REGISTERED, "returnCode": code, "message": message}

    def push(self, push: Push) -> None:
        """Send a push whose time has come, or keep it until its parcel is registered."""
        known = self._monitored.get(push.parcel)
        if known is None or known.given_up_at is not None:
            self._kept.setdefault(push.parcel, []).append(push)
            return
        self.send(push, known)
        if push.gives_up:
            known.given_up_at = self.clock()
            self.tell(f"Kuaidi100 gives parcel {push.parcel} up")

    def _register(self, number: str, wanted: Monitored) -> Answer:
        known = self._monitored.get(number)
        if known is not None:
            if known.given_up_at is None or self.clock() - known.given_up_at < AGAIN_AFTER:
                return Answer.ALREADY
            self.again.add(number)
            self.tell(f"Parcel {number} is registered again by dispatch")
        self._monitored[number] = wanted
        return Answer.REGISTERED

    def _refused(self, number: str, code: str, message: str) -> dict[str, object]:
        self.answers.setdefault(number, []).append(Answer.REFUSED)
        return {"result": False, "returnCode": code, "message": message}
