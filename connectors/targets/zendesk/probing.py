"""What stands against an account at Zendesk; reads only.

Source: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_fields/ and
https://developer.zendesk.com/api-reference/ticketing/users/users/#show-self
"""

from collections.abc import Sequence
from functools import partial

from connectors.probing import problems_of
from connectors.targets.zendesk.api import Api
from contracts.settings import TargetAccount
from mappings.tickets import zendesk as mapping

_TEXTS = {"text", "textarea"}
_OWN = {"priority": "priority", "due_at": "tickettype"}
"""Fields of a ticket's own that may be switched off, and the type of what must be there for them."""


async def problems(api: Api, account: TargetAccount) -> list[str]:
    """Give what is missing, a sentence each."""
    return await problems_of(partial(_agent, api), partial(_fields, api, account))


async def _agent(api: Api) -> Sequence[str]:
    user = await api.me()
    if user.get("id") is None:
        return ["the email or the API token is not known there"]
    if user.get("role") not in {"agent", "admin"}:
        return [f"our user is {user.get('role')}: it must be an agent to write tickets"]
    return []


async def _fields(api: Api, account: TargetAccount) -> Sequence[str]:
    options = mapping.options_of(account)
    there = {str(one["id"]): one async for one in api.fields() if one.get("active")}
    types = {str(one["type"]) for one in there.values()}
    needed = mapping.custom_fields(account)
    problems = [f"there is no active ticket field {name}" for name in needed if name not in there]
    keys = (name for name in options.always() if name in there and there[name]["type"] not in _TEXTS)
    problems += [f"the ticket field {name} is of type {there[name]['type']}: it must take any text" for name in keys]
    own = (name for name in mapping.owned(account) if name in _OWN and _OWN[name] not in types)
    return problems + [f"the ticket field for `{name}` is not active" for name in own]
