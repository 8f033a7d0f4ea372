"""What the servers of group robots have in common: a group that reads, a keyword it asks for, and a pace it allows."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from tests.fakes.serving import Cloud, Reply, Request


@dataclass
class RobotCloud(Cloud):
    """Inherit, and check a request in `handle`.

    per_window: how many messages are taken in any `window`; blocked_for: how long nothing is taken afterwards. secret:
    what signs; empty where the robot does not ask. keyword: what each message must hold. said: what the group reads.
    """

    window: ClassVar[timedelta] = timedelta(minutes=1)
    per_window: ClassVar[int]
    blocked_for: ClassVar[timedelta] = timedelta(0)
    token: str = "a-token"
    secret: str = ""
    keyword: str = ""
    said: list[str] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    _taken: list[datetime] = field(default_factory=list)
    _blocked_until: datetime | None = None

    def is_too_much(self) -> bool:
        """Whether one more message is one too many."""
        if self._blocked_until and self.now < self._blocked_until:
            return True
        self._taken = [at for at in self._taken if self.now - at < self.window]
        if len(self._taken) >= self.per_window:
            self._blocked_until = self.now + self.blocked_for
            return True
        return False

    def hear_others(self, messages: int) -> None:
        """Take messages of other programs, which use the same robot."""
        self._taken += [self.now] * messages

    def take(self, request: Request, text: str) -> None:
        """Let the group read a message."""
        self._taken.append(self.now)
        self.bodies.append(request.json())
        self.said.append(text)


def answer(code: int, words: str, *, names: tuple[str, str] = ("errcode", "errmsg")) -> Reply:
    """A robot's answer: a failure, too, comes with HTTP 200."""
    return Reply(200, {names[0]: code, names[1]: words})
