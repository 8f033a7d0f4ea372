"""Replies of a mail server, named by what happens next (`connectors.targets.smtp`)."""

import re
from datetime import timedelta

import aiosmtplib

from contracts.errors import QuaysideError, Rejected, Retryable

LATER = timedelta(minutes=15)
_PERMANENT = 500
_CLOSING = 421
_LOGIN = {530, 534, 535, 538}
_ADDRESS = re.compile(r"[^\s<>@,;:]+@")
_SENTENCE = 300


def unopened(error: aiosmtplib.SMTPException | OSError, title: str) -> Retryable:
    """Name a connection that came to nothing before any message: it speaks of the account, never of a message."""
    match error:
        case aiosmtplib.SMTPAuthenticationError(code=code) if code >= _PERMANENT:
            return Retryable(f"{title} refuses the login: {_told(error)}", code="unauthorised")
        case aiosmtplib.SMTPResponseException(code=code):
            return Retryable(f"{title} takes nothing from us: {_told(error)}", code=f"smtp_{code}")
        case aiosmtplib.SMTPServerDisconnected():
            return Retryable(f"{title} hung up before any message", code="unreachable")
        case _:
            return Retryable(f"{title} cannot be reached: {error}", code="unreachable")


def refusal(error: aiosmtplib.SMTPResponseException, what: str) -> QuaysideError:
    """Name a reply to a message's sender, recipient or text."""
    reason = f"{what}: {_told(error)}"
    if error.code in _LOGIN:
        return Retryable(reason, code="unauthorised")
    if error.code == _CLOSING:
        return Retryable(reason, code=f"smtp_{error.code}")
    is_recipient_s = isinstance(error, aiosmtplib.SMTPRecipientRefused)
    if error.code < _PERMANENT:
        return Retryable(
            reason, code="recipient_deferred" if is_recipient_s else f"smtp_{error.code}", retry_after=LATER
        )
    return Rejected(reason, code="recipient_refused" if is_recipient_s else f"smtp_{error.code}")


def _told(error: aiosmtplib.SMTPResponseException) -> str:
    """What the server said, with every address masked: it goes to the log."""
    said = " ".join(f"{error.code} {error.message}".split())
    return _ADDRESS.sub("***@", said)[:_SENTENCE]
