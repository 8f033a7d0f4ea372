"""What a tracker's account must say, and its secrets."""

from urllib.parse import urlsplit

from connectors.targets.http import check_url
from contracts.errors import Rejected
from contracts.settings import TrackerAccount


def check_callback(account: TrackerAccount) -> None:
    """Refuse an account whose url or callback is no address of an HTTP server."""
    check_url(account)
    callback = urlsplit(account.callback)
    if callback.scheme not in {"http", "https"} or not callback.netloc:
        reason = f"{account.connector} is told with each registration where to push to: give it a `callback`"
        raise Rejected(f"{reason}, found {account.callback!r}", code="bad_option", path="$.callback")


def needed(secret: str | None, account: TrackerAccount) -> str:
    """Give the account's secret; raises Rejected where it has none."""
    if secret is None:
        raise Rejected(f"the tracker {account.name} needs a `secret`", code="secret_missing", path="$.secret")
    return secret


def push_secret(account: TrackerAccount) -> str:
    """Read what signs the account's pushes; empty where nothing is agreed."""
    return account.push_secret.read() if account.push_secret is not None else ""
