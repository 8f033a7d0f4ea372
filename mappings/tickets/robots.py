"""What the robots of chat groups share: options, secrets, and text that can neither link nor call anybody. Pure.

A robot has a token, which is its address, and perhaps a secret that signs. Both are secret, so both stand in the
account's secret, a blank between.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from contracts.errors import Rejected
from contracts.fields import TaskField
from contracts.model import Contract, build
from contracts.settings import TargetAccount
from contracts.snapshot import Severity
from mappings.tickets.messages import Message, Occasion
from mappings.tickets.spoken import heading, text
from mappings.tickets.wording import Language

TITLE_LIMIT, TEXT_LIMIT = 150, 2800
"""Bytes. The least that any of them takes is 4096 of Markdown."""

Shape = Callable[[str], str]
"""How a text must be written for a client to show it as it is."""
Colour = Literal["red", "orange", "blue", "green"]
_COLOURS: Mapping[str, Colour] = {Severity.GRAVE: "red", Severity.MAJOR: "orange"}
_CONTROLS = dict.fromkeys(code for code in range(0x20) if chr(code) not in "\n\t")
_HARMLESS = str.maketrans({"<": "＜", "[": "［", "*": "＊", "`": "｀"})
_CUT = "…"


class RobotOptions(Contract, extra="forbid"):
    """The options of a robot's account.

    keyword: one that the robot's group asks for in each message; it is added where it is missing. timeout_seconds: how
    long one answer may take.
    """

    keyword: Annotated[str, Field(max_length=64)] = ""
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 10.0


@dataclass(frozen=True, slots=True)
class Robot:
    """Where a robot is, and what signs for it; empty where it does not ask for that."""

    token: str
    signing: str = ""


class Request(NamedTuple):
    """One call of a robot: its path, its parameters and its body."""

    path: str
    params: Mapping[str, str]
    body: bytes


def options_of(account: TargetAccount) -> RobotOptions:
    """Read an account's options; raises Rejected with the path of the first wrong one."""
    return build(RobotOptions, **account.options)


def robot(secret: str, *, signs: bool = True) -> Robot:
    """Read an account's secret; raises Rejected, without it, where it is none. signs: whether such robots can."""
    parts = secret.split()
    if len(parts) not in ({1, 2} if signs else {1}):
        also = ", and after a blank what signs" if signs else ""
        raise Rejected(f"the secret is not the last part of the robot's address{also}", code="bad_secret")
    return Robot(*parts)


def colour(message: Message) -> Colour:
    """Show how grave it is; green is what is over."""
    if message.occasion is Occasion.CLOSED:
        return "green"
    return _COLOURS.get(message.fields.get(TaskField.SEVERITY, ""), "blue")


def harmless(text: str) -> str:
    """Write a text so that a client that knows Markdown shows it as it is.

    What carriers and customers wrote must not become a link, a call to everybody, or a colour.
    """
    return text.translate(_HARMLESS)


def title(message: Message, language: Language, shape: Shape = str) -> str:
    """Say in one line what a message is about."""
    return _within(shape(heading(message, language)).translate(_CONTROLS), TITLE_LIMIT)


def said(message: Message, options: RobotOptions, shape: Shape = str) -> str:
    """Say the rest, with the keyword where it is asked for and missing."""
    shortened = _within(shape(text(message)).translate(_CONTROLS), TEXT_LIMIT)
    return shortened if options.keyword in shortened else f"{shortened}\n\n{options.keyword}"


def _within(told: str, limit: int) -> str:
    """Shorten a text to `limit` bytes of UTF-8, and show that."""
    if len(told.encode()) <= limit:
        return told
    return told.encode()[: limit - len(_CUT.encode())].decode(errors="ignore") + _CUT
