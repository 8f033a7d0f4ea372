"""What an account's names are called there: Redmine's API takes numbers of tracker, fields and statuses, not names."""

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.targets.redmine.api import Api, Json, Where
from contracts.errors import Retryable
from contracts.identity import digest
from contracts.settings import TargetAccount
from mappings.tickets import redmine as mapping

NOBODY_HAS = digest("a value that no issue has")


@dataclass(frozen=True, slots=True)
class Place:
    """Where our issues stand. ourselves: our user; fields: numbers of custom fields by name; statuses: by name."""

    ourselves: int
    project: int
    tracker: int
    fields: Mapping[str, int]
    statuses: Mapping[str, int]
    closed: frozenset[int]

    def status(self, name: str) -> int:
        """Give a status's number; raises Retryable (`misconfigured`) where there is none of that name."""
        if name not in self.statuses:
            raise Retryable(f"Redmine has no status {name!r}", code="misconfigured")
        return self.statuses[name]


async def find_place(api: Api, account: TargetAccount) -> Place:
    """Ask for the numbers of all names; raises Retryable (`misconfigured`) where one is missing: it is mended there."""
    options = mapping.options_of(account)
    ourselves = await api.ourselves()
    project = await api.project(options.project)
    if project is None:
        raise Retryable(f"Redmine has no project {options.project!r}", code="misconfigured")
    wrong = missing(project, account)
    if not wrong and not await is_filter(api, numbers_of(project)[options.task_key_field]):
        wrong = [not_a_filter(options.task_key_field)]
    if wrong:
        raise Retryable("; ".join(wrong), code="misconfigured")
    statuses = await api.statuses()
    return Place(
        ourselves=int(ourselves["id"]),
        project=int(project["id"]),
        tracker=next(int(tracker["id"]) for tracker in project["trackers"] if tracker["name"] == options.tracker),
        fields=numbers_of(project),
        statuses={str(status["name"]): int(status["id"]) for status in statuses},
        closed=frozenset(int(status["id"]) for status in statuses if status["is_closed"]),
    )


def numbers_of(project: Json) -> dict[str, int]:
    """Give the numbers of the project's custom fields, by name."""
    return {str(field["name"]): int(field["id"]) for field in project["issue_custom_fields"]}


def missing(project: Json, account: TargetAccount) -> list[str]:
    """Say what the project lacks of what the account writes, a sentence each."""
    options = mapping.options_of(account)
    lacks = mapping.custom_fields(account) - set(numbers_of(project))
    told = [
        f"the project {options.project!r} lacks the custom field {name!r}, or our user may not see it"
        for name in sorted(lacks)
    ]
    if options.tracker not in {tracker["name"] for tracker in project["trackers"]}:
        told.append(f"the project {options.project!r} has no tracker {options.tracker!r}, or our user may not see it")
    return told


async def is_filter(api: Api, field: int) -> bool:
    """Whether issues can be searched by a custom field: a condition on one that cannot is dropped without a word."""
    everything = (await api.page(1))[1]
    return not everything or (await api.page(1, Where(f"cf_{field}", "=", NOBODY_HAS)))[1] == 0


def not_a_filter(name: str) -> str:
    """Say so."""
    return f"the custom field {name!r} is not used as a filter, so issues cannot be searched by it"
