"""What an account of Odoo may say.

Options: `api`, `json2` (the default; Odoo 19 and later) or `xmlrpc` (17 and 18); `database`, its name, which XML-RPC
needs, and JSON-2 where a server has several; `login`, of the key's user, which XML-RPC needs; `company`, its id, where
the user may see several; `since`, RFC 3339, how far back the first poll goes (everything, unless given); and those of
the mapping (`mappings.erp.options`).
"""

import httpx

from connectors.pollers.http import Caller
from connectors.pollers.odoo_api import Json2, OdooApi, XmlRpc
from connectors.pollers.since import SINCE, first_poll
from connectors.targets.http import check_url
from contracts.errors import Rejected
from contracts.settings import PollerAccount
from mappings.erp import options

API, DATABASE, LOGIN, COMPANY = "api", "database", "login", "company"
JSON2, XMLRPC = "json2", "xmlrpc"
OPTIONS = frozenset({API, DATABASE, LOGIN, COMPANY, SINCE})
"""The poller's own options; all others are the mapping's."""
_REFUSED = {
    401: "is the API key right, and not expired? Keys last three months at most",
    403: "may the key's user read sales, inventory and contacts?",
    404: "is this Odoo 19 or later? Before it is the option `api: xmlrpc`; with several databases, `database`",
}


def check(account: PollerAccount) -> None:
    """Refuse an account whose url, secret or options are wrong; raises Rejected, naming the one at fault."""
    check_url(account)
    told = account.options
    if account.secret is None:
        raise Rejected("no `secret`: it is the API key of Odoo's user", code="bad_option")
    if told.get(API, JSON2) not in {JSON2, XMLRPC}:
        raise Rejected(f"the option `{API}` is {told[API]!r}; expected {JSON2} or {XMLRPC}", code="bad_option")
    if told.get(API) == XMLRPC and not (told.get(DATABASE) and told.get(LOGIN)):
        raise Rejected(f"`{API}: {XMLRPC}` needs the options `{DATABASE}` and `{LOGIN}`", code="bad_option")
    if not told.get(COMPANY, "0").isdecimal():
        raise Rejected(f"the option `{COMPANY}` is {told[COMPANY]!r}; expected its id, a number", code="bad_option")
    first_poll(account)
    options.check({name: value for name, value in told.items() if name not in OPTIONS}, OPTIONS)


def api_of(account: PollerAccount, key: str, client: httpx.AsyncClient) -> OdooApi:
    """Give the API that the account says, over a client; no call is made yet."""
    told, title = account.options, f"Odoo at {account.url.rstrip('/')}"
    client.base_url = httpx.URL(account.url.rstrip("/") + "/")
    client.headers["User-Agent"] = "Quayside"
    if told.get(API, JSON2) == XMLRPC:
        client.headers["Content-Type"] = "text/xml"
        return XmlRpc(Caller(client, title, sentence, {}), told[DATABASE], told[LOGIN], key)
    client.headers.update({"Content-Type": "application/json", "Authorization": f"bearer {key}"})
    if database := told.get(DATABASE):
        client.headers["X-Odoo-Database"] = database
    return Json2(Caller(client, title, sentence, _REFUSED))


def sentence(answer: httpx.Response) -> str:
    """Give what Odoo says about an error: the `message` of JSON-2's error object."""
    try:
        told = answer.json()
    except ValueError:
        return ""
    return str(told.get("message", "")) if isinstance(told, dict) else str(told)
