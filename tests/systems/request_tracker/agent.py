"""What a person in customer service does with tickets, over REST2 as Request Tracker's own pages would do it."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import httpx

QUEUE = "Deliveries"
PER_PAGE = 100


class Refused(Exception):
    """Request Tracker answered something other than success, or success without doing what was asked."""


@dataclass(frozen=True)
class Ticket:
    """A ticket as it stands now. `fields` has the custom fields that are filled, by name."""

    id: int
    subject: str
    status: str
    owner: str
    fields: Mapping[str, str]
    last_updated: datetime
    last_updated_by: str


@dataclass(frozen=True)
class Entry:
    """One transaction of a ticket's history: what kind, by whom, from what to what, and the text if it has one."""

    kind: str
    by: str
    at: datetime
    old: str
    new: str
    text: str


class Agent:
    """A person with a token.

    Raises:
        Refused: by every method, when Request Tracker does not do it.
    """

    def __init__(self, url: str, token: str) -> None:
        self._client = httpx.Client(
            base_url=f"{url}/REST/2.0/", headers={"Authorization": f"token {token}"}, timeout=30
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def tickets(self, query: str = f"Queue = '{QUEUE}'") -> list[Ticket]:
        """All tickets that the TicketSQL query finds, in the order of their ids; closed ones too."""
        found: list[Ticket] = []
        page, pages = 1, 1
        while page <= pages:
            parameters = {"query": query, "orderby": "id", "per_page": PER_PAGE, "page": page}
            answer = self._call("GET", "tickets", params=parameters)
            found += [self.ticket(int(item["id"])) for item in answer["items"]]
            page, pages = page + 1, answer["pages"]
        return found

    def ticket(self, number: int) -> Ticket:
        row = self._call("GET", f"ticket/{number}")
        return Ticket(
            id=number,
            subject=row["Subject"],
            status=row["Status"],
            owner=row["Owner"]["id"],
            fields={field["name"]: field["values"][0] for field in row["CustomFields"] if field["values"]},
            last_updated=datetime.fromisoformat(row["LastUpdated"]),
            last_updated_by=row["LastUpdatedBy"]["id"],
        )

    def history(self, ticket: Ticket) -> list[Entry]:
        """Everything that happened to the ticket, the first first."""
        fields = "Type,Creator,Created,OldValue,NewValue"
        path = f"ticket/{ticket.id}/history"
        rows = self._call("GET", path, params={"fields": fields, "per_page": PER_PAGE})["items"]
        if len(rows) == PER_PAGE:
            raise AssertionError(f"ticket {ticket.id} has a history of more than one page")
        return [
            Entry(
                kind=row["Type"],
                by=row["Creator"]["id"],
                at=datetime.fromisoformat(row["Created"]),
                old=row["OldValue"],
                new=row["NewValue"],
                text=self._text(row["id"]) if row["Type"] in {"Create", "Comment", "Correspond"} else "",
            )
            for row in rows
        ]

    def file(self, subject: str, text: str, fields: Mapping[str, str] | None = None) -> Ticket:
        """File a ticket by hand."""
        asked = {
            "Queue": QUEUE,
            "Subject": subject,
            "Content": text,
            "ContentType": "text/plain",
            "CustomFields": fields or {},
        }
        return self.ticket(int(self._call("POST", "ticket", json=asked)["id"]))

    def take(self, ticket: Ticket, owner: str) -> Ticket:
        return self._change(ticket, Owner=owner)

    def retitle(self, ticket: Ticket, subject: str) -> Ticket:
        return self._change(ticket, Subject=subject)

    def resolve(self, ticket: Ticket) -> Ticket:
        return self._change(ticket, Status="resolved")

    def reject(self, ticket: Ticket) -> Ticket:
        return self._change(ticket, Status="rejected")

    def reopen(self, ticket: Ticket) -> Ticket:
        return self._change(ticket, Status="open")

    def fill_in(self, ticket: Ticket, field: str, value: str) -> Ticket:
        """Change a custom field."""
        self._call("PUT", f"ticket/{ticket.id}", json={"CustomFields": {field: value}})
        changed = self.ticket(ticket.id)
        if changed.fields.get(field) != value:
            raise Refused(f"ticket {ticket.id}: {field} is {changed.fields.get(field)!r}, not {value!r}")
        return changed

    def comment(self, ticket: Ticket, text: str) -> Ticket:
        """Leave a remark that only colleagues see."""
        self._call("POST", f"ticket/{ticket.id}/comment", json={"Content": text, "ContentType": "text/plain"})
        return self.ticket(ticket.id)

    def _change(self, ticket: Ticket, **values: str) -> Ticket:
        """Write and read back: a refused change is answered with 200 as well."""
        said = self._call("PUT", f"ticket/{ticket.id}", json=values)
        changed = self.ticket(ticket.id)
        for name, value in values.items():
            if getattr(changed, name.lower()) != value:
                raise Refused(f"ticket {ticket.id}: {name} is not {value!r}: {said}")
        return changed

    def _text(self, transaction: str) -> str:
        """The plain text of a transaction's first attachment that has any."""
        attachments = self._call("GET", f"transaction/{transaction}/attachments", params={"fields": "ContentType"})
        for item in attachments["items"]:
            if item["ContentType"] == "text/plain":
                attachment = self._call("GET", f"attachment/{item['id']}")
                return b64decode(attachment["Content"]).decode()
        return ""

    def _call(self, method: str, path: str, **request: Any) -> Any:  # noqa: ANN401  JSON in, JSON out
        response = self._client.request(method, path, **request)
        if response.is_error:
            raise Refused(f"{method} {path}: {response.status_code} {response.text}")
        return response.json()
