"""What stands against an account at a running Redmine; reads only.

Source: https://www.redmine.org/projects/redmine/wiki/Rest_api, and a running 5.0.4 where it is silent.
"""

from collections.abc import Sequence

from connectors.targets.redmine.api import OPEN, Api, Json, Where
from connectors.targets.redmine.place import is_filter, missing, not_a_filter, numbers_of
from contracts.errors import Retryable
from contracts.settings import TargetAccount
from mappings.tickets import redmine as mapping

NEEDED = {
    "view_issues": "see issues",
    "add_issues": "add issues",
    "edit_issues": "edit issues",
    "add_issue_notes": "add notes",
}


async def problems(api: Api, account: TargetAccount) -> list[str]:
    """Give what is missing, a sentence each."""
    options = mapping.options_of(account)
    ourselves = await api.ourselves()
    project = await _project(api, options.project)
    if project is None:
        return [f"there is no project {options.project!r}, or our user may not see it"]
    found = missing(project, account)
    key = numbers_of(project).get(options.task_key_field)
    if key is not None and not await is_filter(api, key):
        found.append(not_a_filter(options.task_key_field))
    statuses = {str(status["name"]): bool(status["is_closed"]) for status in await api.statuses()}
    found += _of_statuses(options, statuses)
    found += await _of_rights(api, ourselves, project)
    return found or list(await _of_open_issue(api, options, numbers_of(project)[options.task_key_field]))


async def _project(api: Api, identifier: str) -> Json | None:
    """Read the project; one that we may not see is forbidden."""
    try:
        return await api.project(identifier)
    except Retryable as error:
        if error.code != "forbidden":
            raise
        return None


def _of_statuses(options: mapping.RedmineOptions, is_closed: dict[str, bool]) -> list[str]:
    told = [f"there is no status {name!r}" for name in (options.closed, options.reopened) if name not in is_closed]
    if not is_closed.get(options.closed, True):
        told.append(f"the status {options.closed!r} does not close an issue")
    if is_closed.get(options.reopened):
        told.append(f"the status {options.reopened!r} does not open an issue")
    return told


async def _of_rights(api: Api, ourselves: Json, project: Json) -> list[str]:
    """What the roles do not allow that our user has in the project; an administrator needs none."""
    if ourselves.get("admin"):
        return []
    roles = [
        role["id"]
        for membership in ourselves.get("memberships", ())
        if membership["project"]["id"] == project["id"]
        for role in membership["roles"]
    ]
    if not roles:
        return [f"our user is no member of the project {project['identifier']!r}"]
    allowed = {right for role in roles for right in (await api.role(role))["permissions"]}
    return [
        f"our user's roles in the project {project['identifier']!r} do not let it {what} ({right})"
        for right, what in NEEDED.items()
        if right not in allowed
    ]


async def _of_open_issue(api: Api, options: mapping.RedmineOptions, key: int) -> Sequence[str]:
    """Look at one open issue of ours, if there is any: only an issue tells where our role's workflow lets it go."""
    found = (await api.page(1, Where(f"cf_{key}", "*"), OPEN))[0]
    issue = await api.issue(str(found[0]["id"])) if found else None
    if issue is None or options.closed in {status["name"] for status in issue["allowed_statuses"]}:
        return ()
    return (f"our role's workflow does not lead from {issue['status']['name']!r} to {options.closed!r}",)
