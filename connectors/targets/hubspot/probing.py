"""What stands against an account at HubSpot; reads only.

Source: https://developers.hubspot.com/docs/api-reference/latest/crm/properties/get-properties and
https://developers.hubspot.com/docs/api-reference/latest/crm/pipelines/guide
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from connectors.probing import problems_of
from connectors.targets.hubspot.api import VERSION, Crm
from contracts.settings import TargetAccount
from mappings.tickets import hubspot as mapping


async def problems(crm: Crm, account: TargetAccount) -> list[str]:
    """Give what is missing, a sentence each."""
    options = mapping.options_of(account)
    keys = mapping.PLACE, mapping.KEY, mapping.EPISODE, mapping.NOTE
    read = options.reason_property, options.approval_property
    asked = [
        partial(_properties, crm, "tickets", (*mapping.owned(account), *keys), read, mapping.PLACE),
        partial(_pipeline, crm, options),
    ]
    if account.statuses:
        written = *mapping.owned_of_orders(account), mapping.KEY, mapping.EPISODE
        asked.append(partial(_properties, crm, "orders", written, (), options.order_property))
    return await problems_of(*asked)


async def _properties(crm: Crm, kind: str, written: Iterable[str], read: Iterable[str], unique: str) -> Sequence[str]:
    told = await crm.listed(f"properties/{VERSION}/{kind}")
    there: Mapping[str, Mapping[str, Any]] = {one["name"]: one for one in (told or {}).get("results", ())}
    needed = dict.fromkeys((*written, *read, unique))
    problems = [f"{kind} have no property `{name}`" for name in needed if name not in there]
    locked = (name for name in written if (there.get(name, {}).get("modificationMetadata") or {}).get("readOnlyValue"))
    problems += [f"the property `{name}` of {kind} cannot be written" for name in locked]
    if unique in there and not there[unique].get("hasUniqueValue"):
        problems.append(f"the property `{unique}` of {kind} must require unique values")
    return problems


async def _pipeline(crm: Crm, options: mapping.HubSpotOptions) -> Sequence[str]:
    pipeline = await crm.listed(f"pipelines/{VERSION}/tickets/{options.pipeline}")
    if pipeline is None:
        return [f"there is no pipeline of tickets with the id `{options.pipeline}`"]
    stages = {str(stage["id"]) for stage in pipeline.get("stages", ())}
    return [
        f"the pipeline `{options.pipeline}` has no stage with the id `{stage}`"
        for stage in dict.fromkeys((options.stage, options.closed))
        if stage not in stages
    ]
