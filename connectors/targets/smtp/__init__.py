"""E-mail by SMTP: tasks to our own people by role, notices to customers. The server may be any that relays for us.

Replies are named by what happens next (RFC 5321, section 4.2.1):

    no connection, a broken or slow one                        Retryable
    the greeting, TLS and the login failing                    Retryable: it is the account's, and somebody mends it
    4yz to sender, recipient or message, as by greylisting     Retryable, in a quarter of an hour (section 4.5.4.1);
                                                               to a recipient `recipient_deferred`, and others go on
    421 at any time                                            Retryable: the server is closing
    530, 535 at any time                                       Retryable `unauthorised`
    5yz to a recipient                                         Rejected `recipient_refused`
    any other 5yz                                              Rejected

A message goes to all of its recipients or to none of them: where one is refused nothing is sent, and the dead letter
says whose it is. Replies often repeat an address, and are told with addresses masked. Once the server has answered 250
to the message it answers for it, whatever becomes of the connection.

Sources: RFC 5321, RFC 4954 (login), RFC 3207 (STARTTLS), RFC 6647 (greylisting), https://aiosmtplib.readthedocs.io. No
page states a limit: each server has its own, which the account names (`calls_per_second`).
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date

from connectors.targets.one_way import OneWaySession
from connectors.targets.smtp.postbox import Postbox, server_of
from contracts.connector import Target, TargetSession
from contracts.errors import Rejected
from contracts.settings import TargetAccount
from mappings.tickets.smtp_options import check as check_options
from mappings.tickets.spoken import fields, matters, notice_fields


def check(account: TargetAccount) -> None:
    """Refuse an account whose url or options are wrong."""
    server_of(account)
    check_options(account)


def _postbox(account: TargetAccount, secret: str | None) -> Postbox:
    try:
        return Postbox(account, secret)
    except OSError as error:
        raise Rejected(f"the option `ca_file` names no certificates: {error}", code="bad_option") from error


@asynccontextmanager
async def open_session(account: TargetAccount, secret: str | None) -> AsyncIterator[TargetSession]:
    """Open a session; no connection is made yet. Raises Rejected where the file of trusted authorities is none."""
    yield OneWaySession(_postbox(account, secret).send, matters)


async def probe(account: TargetAccount, secret: str | None) -> Sequence[str]:
    """Ask whether the server takes us, the sender and everybody whom tasks go to, up to the message itself."""
    return await _postbox(account, secret).problems()


SMTP = Target(
    name="smtp",
    title="E-mail by SMTP",
    documentation=(
        "https://www.rfc-editor.org/rfc/rfc5321",
        "https://www.rfc-editor.org/rfc/rfc5322",
        "https://aiosmtplib.readthedocs.io",
    ),
    read_on=date(2026, 11, 21),
    check=check,
    open=open_session,
    fields=fields,
    notice_fields=notice_fields,
    probe=probe,
    is_told_only=True,
)
