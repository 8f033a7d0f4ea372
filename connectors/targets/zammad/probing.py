"""What stands against an account at a running Zammad; reads only.

Only an administrator may list the attributes of tickets. But a ticket shows all that there are, so any one that our
user may see tells them.
"""

from collections.abc import Sequence

from connectors.probing import problems_of
from connectors.targets.zammad.api import Zammad
from contracts.settings import TargetAccount
from mappings.tickets import zammad as mapping


async def problems(api: Zammad, account: TargetAccount) -> list[str]:
    """Give what is missing, a sentence each."""
    options = mapping.options_of(account)

    async def ourselves() -> Sequence[str]:
        await api.me()
        return ()

    async def group() -> Sequence[str]:
        there = {one.get("name") for one in await api.listed("groups") if one.get("active", True)}
        told = f"there is no active group {options.group!r}, or our user may not see it"
        return () if options.group in there else (told,)

    async def states() -> Sequence[str]:
        there = {one.get("name") for one in await api.listed("ticket_states")}
        needed = sorted({options.closed, options.open_state} - there)
        return [f"there is no ticket state {name!r}" for name in needed]

    async def attributes() -> Sequence[str]:
        tickets = await api.listed("tickets")
        if not tickets:
            return ("our user sees no ticket yet, so nothing is known of the attributes of tickets",)
        missing = sorted(mapping.added(account) - set(tickets[0]))
        return [f"tickets lack the attribute {name!r}" for name in missing]

    return await problems_of(ourselves, group, states, attributes)
