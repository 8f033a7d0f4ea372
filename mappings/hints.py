"""From an ERP's webhook to hints: whom it wakes, and which documents it points at."""

from collections.abc import Iterable

from contracts.connector import Context, Mapped
from contracts.errors import Rejected
from contracts.hint import Hint
from contracts.model import build
from contracts.settings import SourceAccount

WAKES = "wakes"
"""The option of a source's account: the poller or target that it wakes, where that has another name."""


def hints(context: Context, kinds: Iterable[str], remote: str) -> Mapped:
    """Point at the record `remote`, which may be a document of any of these kinds; at anything where there is none."""
    account = context.options.get(WAKES, context.account)
    found = tuple(build(Hint, account=account, kind=kind, remote=remote) for kind in kinds)
    return Mapped(events=found or (Hint(account=account),))


def check(account: SourceAccount) -> None:
    """Refuse options that a source of hints does not have; raises Rejected, naming the first."""
    for name in account.options:
        if name != WAKES:
            raise Rejected(f"the option `{name}` is unknown; there is: {WAKES}", code="bad_option")
