"""What stands against an account at a running Freshdesk; reads only.

Source: https://developers.freshdesk.com/api/#list_all_ticket_fields
"""

from collections.abc import Sequence

from connectors.probing import problems_of
from connectors.targets.freshdesk.api import Freshdesk
from contracts.settings import TargetAccount
from mappings.tickets import freshdesk as mapping


async def problems(api: Freshdesk, account: TargetAccount) -> list[str]:
    """Give what is missing, a sentence each."""
    options = mapping.options_of(account)

    async def ourselves() -> Sequence[str]:
        await api.me()
        return ()

    async def fields() -> Sequence[str]:
        there = {str(field.get("name")): field for field in await api.ticket_fields()}
        missing = sorted(mapping.custom_fields(account) - set(there))
        told = [f"tickets lack the custom field {name!r}" for name in missing]
        statuses = set((there.get("status") or {}).get("choices") or ())
        wanted = sorted({options.closed, options.open_status} - statuses)
        return [*told, *(f"there is no ticket status {status}" for status in wanted)]

    return await problems_of(ourselves, fields)
