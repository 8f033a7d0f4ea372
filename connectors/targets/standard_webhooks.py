"""Standard Webhooks 1.0 as a target: whoever wants to know what Quayside knows subscribes with an address and a secret.

A message's `webhook-id` is the same at each try, so a subscriber that remembers the ids has each message once. A secret
may be several, the newest first, with blanks between: each signs, so a subscriber can change over at any time.

410 is a subscriber that wants no more: its messages go to the dead letters at once, and none of them is tried again
until the account changes. A redirect is a failure: the account's url is what is to be mended.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, sections "Signature
scheme" (a secret is `whsec_` and the base64 of 24 to 64 random bytes, which its library takes without a look), "Webhook
headers" and "Delivery success and failure". It publishes no limit: how much a subscriber takes is the subscriber's.
"""

import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

from standardwebhooks import Webhook

from connectors.targets.http import Endpoint, check_url, endpoint
from connectors.targets.one_way import OneWaySession
from contracts.connector import Target, TargetSession
from contracts.errors import Rejected
from contracts.settings import TargetAccount
from mappings.tickets import canonical_names
from mappings.tickets import standard_webhooks as mapping
from mappings.tickets.messages import Message

PREFIX = "whsec_"
LENGTHS = range(24, 65)
GONE = 410


def webhook(secret: str) -> Webhook:
    """Make what signs and verifies; raises Rejected, without the secret, where it is none."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        key = b""
    if not secret.startswith(PREFIX) or len(key) not in LENGTHS:
        raise Rejected("the secret is not `whsec_` and the base64 of 24 to 64 bytes", code="bad_secret")
    return Webhook(key)


class Subscriber:
    """One account's subscriber."""

    def __init__(self, api: Endpoint, url: str, signing: Sequence[Webhook]) -> None:
        """Take its whole address, and what signs."""
        self._api = api
        self._url = url
        self._signing = signing

    async def send(self, message: Message) -> None:
        """Send one message; raises Rejected with the code `endpoint_gone` where the subscriber wants no more."""
        at = datetime.now(UTC)
        content = mapping.payload(message, at)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message.id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": " ".join(key.sign(message.id, at, content.decode()) for key in self._signing),
        }
        answer = await self._api.ask("POST", self._url, content=content, headers=headers, accept=frozenset({GONE}))
        if answer.status == GONE:
            told = f"{self._api.title} answered 410, it wants no more messages: {answer.sentence}"
            raise Rejected(told, code="endpoint_gone")


def check(account: TargetAccount) -> None:
    """Refuse an account whose url or options are wrong, or that has no secret: nobody could tell who sends."""
    check_url(account)
    mapping.options_of(account)
    if account.secret is None:
        raise Rejected("a subscriber needs a `secret` to verify what it is sent", code="no_secret", path="$.secret")


@asynccontextmanager
async def open_session(account: TargetAccount, secret: str | None) -> AsyncIterator[TargetSession]:
    """Open a session; raises Rejected where a secret is none of Standard Webhooks'."""
    signing = [webhook(one) for one in (secret or "").split()]
    async with endpoint(account, "", mapping.options_of(account).timeout_seconds, {}) as api:
        yield OneWaySession(Subscriber(api, account.url, signing).send)


STANDARD_WEBHOOKS_TARGET = Target(
    name="standard-webhooks",
    title="Standard Webhooks subscriber",
    documentation=("https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",),
    read_on=date(2026, 11, 21),
    check=check,
    open=open_session,
    fields=mapping.fields,
    keeps_idempotency_keys=True,
    notice_fields=mapping.notice_fields,
    status_fields=canonical_names.status_fields,
    step_fields=canonical_names.step_fields,
    default_fields=mapping.DEFAULT_FIELDS,
    default_status_fields=canonical_names.DEFAULT_STATUS_FIELDS,
    is_told_only=True,
)
