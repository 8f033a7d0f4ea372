"""What stands against an account at Salesforce; reads only.

An object's description tells, as our user sees it, which fields there are and which it may write.

Source: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_describe.htm
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from connectors.probing import problems_of
from connectors.targets.salesforce.rest import Salesforce
from contracts.settings import TargetAccount
from mappings.tickets import salesforce as mapping


async def problems(salesforce: Salesforce, account: TargetAccount) -> list[str]:
    """Give what is missing, a sentence each."""
    options = mapping.options_of(account)
    keys = mapping.EPISODE, mapping.KEY
    cases = *mapping.owned(account), *keys, mapping.TASK, "Status", mapping.COMMENTS
    read = options.reason_field, options.approval_field
    asked = [partial(_object, salesforce, "Case", cases, read, mapping.EPISODE)]
    if account.statuses:
        written = *mapping.owned_of_deliveries(account), *keys
        asked.append(partial(_object, salesforce, options.delivery_object, written, (), options.delivery_field))
    return await problems_of(*asked)


async def _object(
    salesforce: Salesforce, kind: str, written: Iterable[str], read: Iterable[str], external: str
) -> Sequence[str]:
    told = await salesforce.describe(kind)
    if told is None:
        return [f"there is no object {kind}, or our user may not see it"]
    there: Mapping[str, Mapping[str, Any]] = {one["name"]: one for one in told.get("fields", ())}
    needed = dict.fromkeys((*written, *read, external))
    problems = [f"{kind} has no field {name}, or our user may not see it" for name in needed if name not in there]
    locked = (name for name in written if name in there and not there[name].get("updateable"))
    problems += [f"our user may not write the field {name} of {kind}" for name in locked]
    if external in there and not (there[external].get("externalId") and there[external].get("unique")):
        problems.append(f"the field {external} of {kind} must be an external id, and unique")
    rights = {"createable": "create", "updateable": "update"}
    problems += [f"our user may not {does} records of {kind}" for right, does in rights.items() if not told.get(right)]
    return problems
