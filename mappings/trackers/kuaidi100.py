"""Kuaidi100 (快递100): registering at its subscription interface, and its answer to a query as a push.

Sources: "Tracking Subscription Query API", sections 1.3 to 1.5 of https://api.kuaidi100.com/document/pushService (also
at https://apifox.com/apidoc/project-514987/api-8567477), and "实时快递单号查询", sections 1.3 to 1.5 of
https://api.kuaidi100.com/document/5f0ffb5ebc8da837cbd8aefc.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from contracts.errors import QuaysideError, Rejected, Retryable
from contracts.settings import TrackerAccount
from mappings.trackers.options import TrackerOptions
from mappings.trackers.registration import Parcel

ADVANCED = "4"
"""`resultv2`: scans carry advanced codes and their names."""
REGISTERED = frozenset({"200", "501"})
"""501: it is registered already and still monitored, or was registered four times this month."""
NOTHING_FOUND = "500"
LOCKED_FOR = timedelta(minutes=30)
_ACCOUNT = {"600", "601", "503"}
"""Not a legitimate subscriber, an expired key, a wrong signature: somebody mends the account."""
_SERVER = {"500", "501", "502"}


class Kuaidi100Options(TrackerOptions):
    """The options of a `kuaidi100` tracker.

    customer: the account's number, needed to ask for parcels. phone: the sender's telephone number, which some carriers
    (SF Express, ZTO) must be told.
    """

    customer: str = ""
    phone: str = ""


def subscription(parcel: Parcel, account: TrackerAccount, key: str, salt: str, phone: str) -> bytes:
    """Write the form that registers a parcel. salt: what its pushes are signed with; empty where they are not."""
    parameters = {"callbackurl": account.callback, "salt": salt, "resultv2": ADVANCED, "phone": phone}
    parameters |= {} if parcel.carrier else {"autoCom": "1"}
    param = {"company": parcel.carrier, "number": parcel.number, "key": key, "parameters": _filled(parameters)}
    return urlencode({"schema": "json", "param": _written(param)}).encode()


def refusal(answer: Mapping[str, Any], title: str) -> QuaysideError | None:
    """Name an answer to a registration by what happens next; None where the parcel is registered."""
    code = _code(answer, "returnCode")
    return None if code in REGISTERED else _named(answer, code, title)


def query(parcel: Parcel, options: Kuaidi100Options, key: str) -> bytes:
    """Write the form that asks for a parcel, signed with the key."""
    param = _written(
        _filled({"com": parcel.carrier, "num": parcel.number, "phone": options.phone, "resultv2": ADVANCED})
    )
    sign = hashlib.md5((param + key + options.customer).encode(), usedforsecurity=False).hexdigest().upper()
    return urlencode({"customer": options.customer, "sign": sign, "param": param}).encode()


def pushes(answer: Mapping[str, Any], title: str) -> tuple[bytes, ...]:
    """Write the answer to a query as the push that would have told it.

    Nothing found is nothing to tell. Raises Retryable where it is a refusal: a number that was asked for twice within
    half an hour is locked, and no page states by which code, so any refusal of a number is waited out.
    """
    if str(answer.get("status")) == "200" and answer.get("data"):
        push = {"status": "polling", "message": "", "lastResult": answer}
        return (urlencode({"param": _written(push)}).encode(),)
    code = _code(answer, "returnCode", "status")
    if code in {NOTHING_FOUND, "200"}:
        return ()
    refused = _named(answer, code, title)
    if isinstance(refused, Retryable):
        raise refused
    raise Retryable(refused.reason, code="locked", retry_after=LOCKED_FOR)


def _code(answer: Mapping[str, Any], *names: str) -> str:
    """Read the code of an answer; raises Retryable where there is none, as when a proxy answers."""
    found = next((answer[name] for name in names if name in answer), None)
    if found is None:
        raise Retryable("an answer without a return code", code="not_json")
    return str(found)


def _named(answer: Mapping[str, Any], code: str, title: str) -> QuaysideError:
    reason = f"{title} answered {code}: {answer.get('message')}"
    if code in _ACCOUNT:
        return Retryable(reason, code="unauthorised")
    if code in _SERVER:
        return Retryable(reason, code=f"return_{code}")
    return Rejected(reason, code=f"return_{code}")


def _filled(values: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
