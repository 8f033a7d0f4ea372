"""What stands against an account at a running Request Tracker; reads only.

REST2 tells no rights as such, and of a custom field's type only those who administer it. It offers what our user may do
as links: `create` with a queue, `comment` with a ticket; so of the latter something is only known once there is an open
ticket of ours.

Source: https://docs.bestpractical.com/rt/5.0.3/RT/REST2.html, and a running 5.0.3 where it is silent.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.targets.request_tracker.rest2 import Json, Rest2
from contracts.errors import Retryable
from contracts.settings import TargetAccount
from mappings.tickets import request_tracker as mapping


async def problems(rest: Rest2, account: TargetAccount) -> list[str]:
    """Give what is missing, a sentence each."""
    options = mapping.options_of(account)
    queue = await _queue(rest, options.queue)
    if queue is None:
        return [f"there is no queue {options.queue!r}, or our user may not see it (right SeeQueue)"]
    found = {field["name"] for field in queue["TicketCustomFields"]}
    missing = [_missing(options.queue, name) for name in sorted(mapping.custom_fields(account) - found)]
    if not _offers(queue, "create"):
        missing.append(f"our user may not create tickets in the queue {options.queue!r} (right CreateTicket)")
    return [*missing, *await _of_open_ticket(rest, options)]


async def _queue(rest: Rest2, name: str) -> Json | None:
    """Read the queue; one that is not there is forbidden as well."""
    try:
        return await rest.queue(name)
    except Retryable as error:
        if error.code != "forbidden":
            raise
        return None


def _missing(queue: str, name: str) -> str:
    return f"the queue {queue!r} lacks the custom field {name!r}, or our user may not see it (right SeeCustomField)"


async def _of_open_ticket(rest: Rest2, options: mapping.RequestTrackerOptions) -> Sequence[str]:
    """Look at one open ticket of ours, if there is any."""
    ours = f"{mapping.in_ticket_sql(options.external_key_field)} IS NOT NULL AND Status = '__Active__'"
    async for row in rest.tickets(ours):
        found = await rest.ticket(str(row["id"]))
        if found is None or _offers(found[0], "comment"):
            return ()
        return ("our user may not comment on its tickets (right CommentOnTicket)",)
    return ()


def _offers(record: Mapping[str, Any], what: str) -> bool:
    return any(link.get("ref") == what for link in record.get("_hyperlinks", ()))
