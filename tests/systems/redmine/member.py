"""What people do with issues, over the REST API as Redmine's own pages would do it."""

from collections.abc import Mapping
from typing import Any, Self

import httpx

PROJECT = "deliveries"
TRACKER = "Support"

Json = dict[str, Any]


class Refused(Exception):
    """Redmine answered something other than success, or success without doing what was asked."""


class Member:
    """A person with a key.

    Raises:
        Refused: by every method, when Redmine does not do it.
    """

    def __init__(self, url: str, key: str) -> None:
        self._client = httpx.Client(base_url=url, headers={"X-Redmine-API-Key": key}, timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def issue(self, number: str) -> Json:
        """An issue with its journals."""
        found: Json = self._call("GET", f"issues/{number}.json?include=journals")["issue"]
        return found

    def issues(self) -> list[Json]:
        """The newest hundred issues of the project, open and closed."""
        found: list[Json] = self._call("GET", f"issues.json?project_id={PROJECT}&status_id=*&sort=id:desc&limit=100")[
            "issues"
        ]
        return found

    def said_on(self, number: str) -> list[str]:
        """All notes on an issue, the oldest first."""
        return [journal["notes"] for journal in self.issue(number)["journals"] if journal["notes"]]

    def give_status(self, number: str, status: str, notes: str = "") -> None:
        """Change the status, by its name, and say something with it."""
        wanted = self._number("issue_statuses.json", "issue_statuses", status)
        self.change(number, status_id=wanted, notes=notes)
        if self.issue(number)["status"]["id"] != wanted:
            raise Refused(f"issue {number} did not take the status {status}")

    def take(self, number: str) -> None:
        """Assign the issue to oneself."""
        self.change(number, assigned_to_id=self._call("GET", "users/current.json")["user"]["id"])

    def fill_in(self, number: str, field: str, value: str) -> None:
        """Change a custom field, by its name."""
        fields = self.issue(number)["custom_fields"]
        [found] = [each["id"] for each in fields if each["name"] == field]
        self.change(number, custom_fields=[{"id": found, "value": value}])

    def move(self, number: str, project: str) -> None:
        """Move an issue to another project, by its identifier."""
        wanted = self._call("GET", f"projects/{project}.json")["project"]["id"]
        self.change(number, project_id=wanted)
        if self.issue(number)["project"]["id"] != wanted:
            raise Refused(f"issue {number} was not moved")

    def delete(self, number: str) -> None:
        self._call("DELETE", f"issues/{number}.json")

    def change(self, number: str, **values: object) -> None:
        self._call("PUT", f"issues/{number}.json", json={"issue": values})

    def new_colleague(self, login: str, project: str, role: str) -> tuple[int, str]:
        """As an administrator, make a user with a role in a project; give its number and its key."""
        values = {"login": login, "firstname": login, "lastname": "New", "mail": f"{login}@quayside.test"}
        made = self._call("POST", "users.json", {"user": {**values, "password": f"{login}-1A-deliveries"}})["user"]
        member = {"user_id": made["id"], "role_ids": [self._number("roles.json", "roles", role)]}
        self._call("POST", f"projects/{project}/memberships.json", {"membership": member})
        return made["id"], self._call("GET", f"users/{made['id']}.json")["user"]["api_key"]

    def lock(self, user: int) -> None:
        """As an administrator, lock a user out."""
        self._call("PUT", f"users/{user}.json", {"user": {"status": 3}})

    def set_time_zone(self, login: str, zone: str) -> None:
        """As an administrator, set a user's time zone."""
        [user] = [each["id"] for each in self._call("GET", "users.json")["users"] if each["login"] == login]
        self._call("PUT", f"users/{user}.json", {"user": {"login": login}, "pref": {"time_zone": zone}})

    def _number(self, path: str, what: str, name: str) -> int:
        [found] = [int(each["id"]) for each in self._call("GET", path)[what] if each["name"] == name]
        return found

    def _call(self, method: str, path: str, json: Mapping[str, object] | None = None) -> Any:  # noqa: ANN401  JSON
        response = self._client.request(method, path, json=json)
        if not response.is_success:
            raise Refused(f"{method} {path}: {response.status_code} {response.text}")
        return response.json() if response.content else None
