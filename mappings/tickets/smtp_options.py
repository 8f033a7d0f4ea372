"""The options of an `smtp` account: who writes to whom, and how the server is reached."""

from collections.abc import Sequence
from email.headerregistry import Address
from email.policy import SMTP
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from contracts.errors import Rejected
from contracts.model import Contract, build
from contracts.settings import TargetAccount
from contracts.snapshot import Role


def addresses(listed: str) -> tuple[Address, ...]:
    """Read addresses as a header has them (RFC 5322, section 3.4); raises ValueError where one is none.

    They are ASCII: a server need not know of others (RFC 6531).
    """
    header: Any = SMTP.header_factory("To", listed)
    found: tuple[Address, ...] = header.addresses
    wrong = [one for one in found if not (one.username and one.domain and one.addr_spec.isascii())]
    if not found or wrong or header.defects:
        raise ValueError(f"expected addresses such as `Li Wei <li@example.com>`, not {listed!r}")
    return found


def _one(text: str) -> str:
    if len(addresses(text)) != 1:
        raise ValueError("expected one address")
    return text


def _some(text: str) -> str:
    if text:
        addresses(text)
    return text


One = Annotated[str, AfterValidator(_one)]
Some = Annotated[str, AfterValidator(_some)]


class SmtpOptions(Contract, extra="forbid"):
    """The options.

    sender: whose messages they are. reply_to: where answers go instead. to: who gets the tasks of roles that have no
    addresses of their own, `to_ROLE`. customers: a CSV file with the columns `customer` and `address`, for notices.
    unsubscribe: an address (`mailto:` or `https:`) at which a customer can end them. tls: `starttls` begins in clear
    and refuses to go on without TLS, `implicit` begins with it, `none` has none. ca_file: who vouches for the server,
    instead of the system's list. user: to log in as, with the account's secret. timeout_seconds: how long one message
    may take.
    """

    sender: One
    reply_to: Some = ""
    to: Some = ""
    to_sales: Some = ""
    to_logistics: Some = ""
    to_production: Some = ""
    to_quality: Some = ""
    to_after_sales: Some = ""
    to_operations: Some = ""
    to_management: Some = ""
    customers: str = ""
    unsubscribe: Annotated[str, Field(pattern=r"^((mailto|https):[!-;=?-~]+)?$")] = ""
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    ca_file: str = ""
    user: str = ""
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 50.0

    @property
    def domain(self) -> str:
        """The sender's domain, in which messages have their ids."""
        return addresses(self.sender)[0].domain

    def of_role(self, role: str) -> Sequence[Address]:
        """Who gets the tasks of a role; of one that is not known, everybody who gets any. Raises Rejected."""
        own = {one.value: str(getattr(self, f"to_{one.value}")) for one in Role}
        listed = (own[role] or self.to) if role in own else self.to or ", ".join(filter(None, own.values()))
        if not listed:
            raise Rejected(f"tasks of {role or 'any role'} reach nobody", code="no_address")
        return addresses(listed)


def options_of(account: TargetAccount) -> SmtpOptions:
    """Read an account's options; raises Rejected with the path of the first wrong one."""
    return build(SmtpOptions, **account.options)


def check(account: TargetAccount) -> None:
    """Refuse an account whose options are wrong, whose tasks or notices reach nobody, or that shows its password."""
    options = options_of(account)
    unheard = [
        role.value
        for role in (Role if account.roles is None else account.roles)
        if not (options.to or getattr(options, f"to_{role.value}"))
    ]
    if unheard:
        told = f"tasks of {', '.join(unheard)} reach nobody: give the option `to`, or leave them out of `roles`"
        raise Rejected(told, code="bad_option")
    if account.notices and not options.customers:
        raise Rejected("notices need the option `customers`: a file with their addresses", code="bad_option")
    if bool(options.user) != (account.secret is not None):
        raise Rejected("the option `user` and the account's `secret` belong together", code="bad_option")
    if options.user and options.tls == "none":
        raise Rejected("the option `tls` is `none`: the password would be sent in clear", code="bad_option")
