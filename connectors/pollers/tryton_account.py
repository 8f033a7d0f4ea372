"""What an account of Tryton may say.

Options: `company`, its id, where the user sees several; `since`, RFC 3339, how far back the first poll goes
(everything, unless given); `language`, of names and units' symbols (the user's, unless given); `productions`, `yes`
where what is produced for orders is read (module sale_supply_production); `complaints`, `yes` where what customers
complain about is read (module sale_complaint); and those of the mapping (`mappings.erp.options`, `severity.TYPE`).
"""

import httpx

from connectors.pollers.since import SINCE, first_poll
from connectors.pollers.tryton_fields import COMPLAINT, PRODUCTION
from connectors.targets.http import check_url
from contracts.errors import Rejected
from contracts.settings import PollerAccount
from mappings.erp import options
from mappings.erp.tryton_complaint import SEVERITY, check_severity

COMPANY, LANGUAGE, PRODUCTIONS, COMPLAINTS = "company", "language", "productions", "complaints"
OPTIONS = frozenset({COMPANY, SINCE, LANGUAGE, PRODUCTIONS, COMPLAINTS})
"""The poller's own options; all others are the mapping's."""


def check(account: PollerAccount) -> None:
    """Refuse an account whose url, secret or options are wrong; raises Rejected, naming the one at fault."""
    check_url(account)
    if not httpx.URL(account.url).path.strip("/"):
        raise Rejected(f"found {account.url!r}; expected https://HOST/DATABASE", code="bad_url", path="$.url")
    if account.secret is None:
        raise Rejected("no `secret`: it is the key of Tryton's user application", code="bad_option")
    company = account.options.get(COMPANY, "0")
    if not (company.isascii() and company.isdecimal()):
        raise Rejected(f"the option `{COMPANY}` is {company!r}; expected the number that it has", code="bad_option")
    first_poll(account)
    for name in (PRODUCTIONS, COMPLAINTS):
        if (found := account.options.get(name, "no")) not in {"yes", "no"}:
            raise Rejected(f"the option `{name}` is {found!r}; expected `yes` or `no`", code="bad_option")
    others = {name: value for name, value in account.options.items() if name not in OPTIONS}
    for name in [name for name in others if name.startswith(SEVERITY)]:
        check_severity(name, others.pop(name))
    options.check(others, {*OPTIONS, f"{SEVERITY}TYPE"})


def reads_productions(account: PollerAccount) -> bool:
    """Whether productions are read."""
    return PRODUCTION not in unread(account)


def unread(account: PollerAccount) -> frozenset[str]:
    """Give the models that the account does not read: modules or rights that they need may be missing there."""
    chosen = {PRODUCTIONS: PRODUCTION, COMPLAINTS: COMPLAINT}
    return frozenset(model for option, model in chosen.items() if account.options.get(option, "no") != "yes")
