"""17TRACK API v2.2: registering numbers, and what its answers say.

Sources: "Register", "StopTrack", "Retrack" and "GetTrackInfo" of
https://asset.17track.net/api/document/v2.2_en/index.html, and the codes of
https://help.17track.net/hc/en-us/articles/37570440168473-Error-Codes-and-Troubleshooting. A request carries up to 40
numbers; each is accepted or rejected by itself.
"""

import json
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from contracts.errors import QuaysideError, Rejected, Retryable
from contracts.model import Contract, read
from mappings.payload import Payload, Text
from mappings.trackers.registration import Parcel

ALREADY_REGISTERED, NOT_REGISTERED = -18019901, -18019902
NOT_STOPPED, RETRACKED_BEFORE, NOT_TRACKED = -18019904, -18019905, -18019906
NO_INFORMATION = -18019909
_LATER = {-18010003: "server_error", -18019907: "daily_limit", -18019908: "quota"}
_ACCOUNT = {-18010001, -18010002, -18010004, -18010005}
"""The address is not on the list, the key is wrong, the account disabled or not allowed: somebody mends the account."""


class _Error(Payload):
    code: int
    message: Text = ""


class _Rejection(Payload):
    number: Text = ""
    error: _Error


class _Accepted(Contract):
    accepted: tuple[dict[str, object], ...] = ()
    rejected: tuple[_Rejection, ...] = ()


class Answer(Contract):
    """An answer: accepted numbers as they are told, and rejected ones with the reason."""

    code: int
    data: Annotated[_Accepted, Field(default_factory=_Accepted)]

    @property
    def rejected_with(self) -> int:
        """The code with which the number was rejected; 0 where it was not."""
        return self.data.rejected[0].error.code if self.data.rejected else 0

    def refusal(self, title: str, accept: frozenset[int] = frozenset()) -> QuaysideError | None:
        """Name it by what happens next; None where the number was accepted, or rejected with a code in `accept`."""
        code = self.code or self.rejected_with
        if code in accept or (code == 0 and self.data.accepted):
            return None
        message = self.data.rejected[0].error.message if self.data.rejected else ""
        reason = f"{title} answered {code}: {message}"
        if code in _ACCOUNT:
            return Retryable(reason, code="unauthorised")
        if code in _LATER:
            return Retryable(reason, code=_LATER[code])
        return Rejected(reason, code=f"rejected_{-code}")


class _Left(Payload):
    quota_remain: int | None = None


class _Quota(Payload):
    code: int
    data: Annotated[_Left, Field(default_factory=_Left)]


def answer_of(body: bytes) -> Answer:
    """Read an answer; raises Retryable where it is none of 17TRACK's."""
    try:
        return read(Answer, body)
    except Rejected as error:
        raise Retryable(f"an answer that is none of 17TRACK's: {error.reason}", code="not_json") from error


def quota_of(body: bytes, title: str) -> int | None:
    """Read how much quota an answer to GetQuota says is left; None where it does not say.

    Raises Retryable or Rejected where the account was refused.
    """
    try:
        answer = read(_Quota, body)
    except Rejected as error:
        raise Retryable(f"an answer that is none of 17TRACK's: {error.reason}", code="not_json") from error
    if answer.code and (refusal := answer_of(body).refusal(title)) is not None:
        raise refusal
    return answer.data.quota_remain


def numbers(parcel: Parcel) -> bytes:
    """Write a request about a parcel. The carrier's code is a number."""
    carrier = {"carrier": int(parcel.carrier)} if parcel.carrier else {}
    return json.dumps([{"number": parcel.number, **carrier}]).encode()


def push(accepted: Mapping[str, object]) -> bytes:
    """Write what is known of a number as the push that would have told it."""
    return json.dumps({"event": "TRACKING_UPDATED", "data": accepted}, ensure_ascii=False).encode()
