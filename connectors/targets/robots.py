"""Robots of chat groups: one call a message, whose answer is a code in JSON whatever HTTP says.

What differs between them stands in their mappings; a record of each is made here (`chat_robot`).
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from connectors.targets.http import Answer, Endpoint, check_url, endpoint, failure
from connectors.targets.one_way import OneWaySession
from contracts.connector import Limit, Target, TargetSession
from contracts.errors import QuaysideError, Rejected, Retryable
from contracts.settings import TargetAccount
from mappings.tickets.messages import Message
from mappings.tickets.robots import Request, Robot, RobotOptions, options_of, robot
from mappings.tickets.spoken import fields, matters
from mappings.tickets.wording import Language

_EXPLAINED = frozenset({400})


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of robot.

    request: a message as one call. refusal: what an answer's code and words mean; None where the message was taken.
    code, words: where they stand in an answer. signs: whether a robot can ask for a signature.
    """

    request: Callable[[Message, Robot, RobotOptions, Language, datetime], Request]
    refusal: Callable[[int, str], QuaysideError | None]
    code: str
    words: str
    signs: bool = True


class Group:
    """One account's robot, and with it its group."""

    def __init__(self, kind: Kind, api: Endpoint, account: TargetAccount, ours: Robot) -> None:
        """Take the kind of robot, its server, and the robot's own token and secret."""
        self._kind = kind
        self._api = api
        self._account = account
        self._robot = ours

    async def send(self, message: Message) -> None:
        """Send one message."""
        options, language = options_of(self._account), self._account.language
        call = self._kind.request(message, self._robot, options, language, datetime.now(UTC))
        answer = await self._api.ask(
            "POST",
            call.path,
            params=call.params,
            content=call.body,
            headers={"Content-Type": "application/json; charset=utf-8"},
            accept=_EXPLAINED,
        )
        refused = self._refusal(answer)
        if refused is not None:
            raise refused

    def _refusal(self, answer: Answer) -> QuaysideError | None:
        found = _table(answer)
        code = found.get(self._kind.code)
        if isinstance(code, int) and not isinstance(code, bool):
            return self._kind.refusal(code, str(found.get(self._kind.words, "")))
        if answer.status in _EXPLAINED:
            return failure(answer, self._api.title, datetime.now(UTC))
        return Retryable(f"{self._api.title}: a success without {self._kind.code}", code="not_json")


def _table(answer: Answer) -> dict[str, object]:
    """Read an answer as a JSON object; a refusal by HTTP alone need be none."""
    try:
        found = answer.json()
    except Retryable:
        if answer.status in _EXPLAINED:
            return {}
        raise
    return found if isinstance(found, dict) else {}


def check(account: TargetAccount) -> None:
    """Refuse an account whose url or options are wrong, or that has no secret."""
    check_url(account)
    address = urlsplit(account.url)
    if address.path.strip("/") or address.query:
        told = "the url is the server's alone: what follows in the robot's address is a secret, and goes into `secret`"
        raise Rejected(told, code="bad_url", path="$.url")
    options_of(account)
    if account.secret is None:
        raise Rejected("a robot needs a `secret`: the last part of its address", code="no_secret", path="$.secret")


def chat_robot(
    kind: Kind, *, name: str, title: str, documentation: tuple[str, ...], read_on: date, limit: Limit
) -> Target:
    """Make the record of a kind of robot."""

    @asynccontextmanager
    async def open_session(account: TargetAccount, secret: str | None) -> AsyncIterator[TargetSession]:
        """Open a session; raises Rejected where the secret is none."""
        ours = robot(secret or "", signs=kind.signs)
        async with endpoint(account, "", options_of(account).timeout_seconds, {}) as api:
            yield OneWaySession(Group(kind, api, account, ours).send, matters)

    return Target(
        name=name,
        title=title,
        documentation=documentation,
        read_on=read_on,
        check=check,
        open=open_session,
        fields=fields,
        limit=limit,
        is_told_only=True,
    )
