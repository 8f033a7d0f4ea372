"""Who may push to us: the configured accounts with their secrets, found by the parts of a path."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from connectors.registry import find
from connectors.signatures import is_same
from contracts.connector import Context, Reply, Source
from contracts.errors import Rejected
from contracts.raw import RawRequest
from contracts.settings import SourceAccount
from contracts.signature import Proof

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Door:
    """One account's way in. secrets: those that are live; empty where the sender does not sign."""

    source: Source
    account: str
    secrets: tuple[str, ...]
    token: str
    zone: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    def verify(self, request: RawRequest) -> None:
        """Check the signature; raises Rejected. Where none was agreed, the secret path was the proof."""
        if self.secrets:
            self.source.verify(request, self.secrets)

    def acknowledge(self, request: RawRequest) -> Reply:
        """Give the answer to a request that is durable."""
        context = Context(request.connector, request.account, request.received_at, self.zone, self.options)
        return self.source.acknowledgement(request, context)


class Doors:
    """All of them, by connector and account."""

    def __init__(self, doors: Sequence[Door]) -> None:
        """Take the doors."""
        self._doors: Mapping[tuple[str, str], Door] = {(door.source.name, door.account): door for door in doors}

    def find(self, connector: str, account: str, token: str) -> Door | None:
        """Give the door of a path, or None: a wrong token is told by nothing from an account that does not exist."""
        door = self._doors.get((connector, account))
        return door if door is not None and is_same(door.token, token) else None


def open_doors(accounts: Sequence[SourceAccount], sources: Mapping[str, Source]) -> Doors:
    """Read the accounts' secrets.

    Raises Rejected where a connector is unknown, an account's options are wrong, or a secret cannot be read. An account
    to which anybody can push is warned of, here and by `quayside check`.
    """
    return Doors([_door(account, find(sources, account.connector)) for account in accounts if account.is_pushed_to])


def _door(account: SourceAccount, source: Source) -> Door:
    source.check(account)
    secrets = tuple(secret.read() for secret in account.secrets)
    token = account.token.read() if account.token is not None else ""
    if secrets and source.verify.proves is Proof.NOTHING:
        raise Rejected(f"source {account.name!r} has secrets, but {source.title} does not sign", code="unused_secret")
    if not secrets and not token:
        log.warning("anybody can push", connector=source.name, account=account.name)
    return Door(source, account.name, secrets, token, account.zone, account.options)
