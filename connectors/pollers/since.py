"""How far back the first poll of an account goes: an option of every polled system with a past."""

from datetime import datetime

from contracts.envelope import read_time
from contracts.errors import Rejected
from contracts.settings import PollerAccount

SINCE = "since"


def first_poll(account: PollerAccount) -> datetime | None:
    """Say how far back the first poll goes; None where it reads everything. Raises Rejected where it is no instant."""
    since = account.options.get(SINCE)
    try:
        return read_time(since) if since else None
    except Rejected as error:
        raise Rejected(f"the option `{SINCE}`: {error.reason}", code="bad_option") from error
