"""What stands against an account at a running Zammad; reads only.

Only an administrator may list groups and the attributes of tickets. But our own user tells its rights in each group,
and a ticket shows all attributes that there are, so any one that our user may see tells them.

Source: https://docs.zammad.org/en/latest/api/intro.html (`expand`), https://docs.zammad.org/en/latest/api/group.html
and https://docs.zammad.org/en/latest/api/ticket/states.html
"""

from collections.abc import Sequence

from connectors.probing import problems_of
from connectors.targets.zammad.api import Zammad
from contracts.errors import Retryable
from contracts.settings import TargetAccount
from mappings.tickets import zammad as mapping


async def problems(api: Zammad, account: TargetAccount) -> list[str]:
    """Give what is missing, a sentence each."""
    options = mapping.options_of(account)

    async def group() -> Sequence[str]:
        groups = (await api.me()).get("groups")
        if not isinstance(groups, dict):
            raise Retryable("an answer that tells no groups of our user", code="not_json")
        rights = groups.get(options.group) or ()
        told = f"our user was given no full access to the group {options.group!r} (what a role gives is not shown)"
        return () if "full" in rights else (told,)

    async def states() -> Sequence[str]:
        there = {one.get("name") for one in await api.listed("ticket_states") if one.get("active")}
        needed = sorted({options.closed, options.open_state} - there)
        return [f"there is no active ticket state {name!r}" for name in needed]

    async def attributes() -> Sequence[str]:
        tickets = await api.listed("tickets")
        if not tickets:
            return ("our user sees no ticket yet, so nothing is known of the attributes of tickets",)
        missing = sorted(mapping.added(account) - set(tickets[0]))
        return [f"tickets lack the attribute {name!r}" for name in missing]

    return await problems_of(group, states, attributes)
