"""What dispatch itself says at a target, by language."""

from enum import StrEnum
from typing import Literal


class Reason(StrEnum):
    """Why an episode ended."""

    CLEARED = "cleared"
    SUPERSEDED = "superseded"
    SENT = "sent"


Language = Literal["en", "zh-CN"]

_REOPENING: dict[Language, str] = {
    "en": "Opened again by Quayside: the cause still holds.",
    "zh-CN": "由 Quayside 重新打开：原因仍然存在。",
}

_TEXTS: dict[Language, dict[Reason, str]] = {
    "en": {
        Reason.CLEARED: "Closed by Quayside: the cause no longer holds, or it was dealt with or put off elsewhere.",
        Reason.SUPERSEDED: "Closed by Quayside: a newer record stands for the same task.",
        Reason.SENT: "Sent; nothing is left to do.",
    },
    "zh-CN": {
        Reason.CLEARED: "由 Quayside 关闭：原因已消除，或已在别处处理、推迟。",
        Reason.SUPERSEDED: "由 Quayside 关闭：同一任务已有更新的记录。",
        Reason.SENT: "已发送，无需后续处理。",
    },
}


def reopening(language: Language) -> str:
    """Say why a record is opened again."""
    return _REOPENING[language]


def closing(reason: Reason, language: Language) -> str:
    """Say why a record is closed."""
    return _TEXTS[language][reason]
