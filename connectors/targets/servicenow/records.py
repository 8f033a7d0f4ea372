"""A row of ServiceNow as a record: whether it is open, who closed it, when, why, and who approved it.

Who resolved an incident stands in `resolved_by`, who closed any task in `closed_by`; where neither is kept, as of a
cancelled one on older releases, whoever wrote the row last is named. What was closed by the user who created the row
was closed by us. Approvals stand in a table of their own, `sysapproval_approver`. No page of ServiceNow's that we could
read lists these columns; they are those of https://cdn.cdata.com/help/BNM/powerbi/pg_table-incident.htm.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from connectors.targets.servicenow.api import Row, TableApi
from contracts.connector import Record
from contracts.errors import Rejected, Retryable
from mappings.tickets import servicenow as mapping

SOMEBODY = "somebody"
REASON_LIMIT = 500

_ALWAYS = (
    "sys_id",
    "number",
    "state",
    "approval",
    "close_notes",
    "sys_mod_count",
    "sys_created_by",
    "sys_updated_by",
    "sys_updated_on",
    "resolved_at",
    "resolved_by.user_name",
    "resolved_by.name",
    "closed_at",
    "closed_by.user_name",
    "closed_by.name",
    "assigned_to.name",
    "assignment_group.name",
    mapping.PLACE,
    mapping.EPISODE,
)


class Closing(NamedTuple):
    """Who closed a row, by user name and by name, and when."""

    user: str
    name: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Records:
    """Reads rows of the account's table. owned: the columns that we write at every update."""

    api: TableApi
    options: mapping.ServiceNowOptions
    owned: tuple[str, ...]

    @property
    def columns(self) -> Sequence[str]:
        """The columns that are read of a row; those of a user are read through the reference."""
        return (*_ALWAYS, self.options.key_column, *self.owned)

    async def read(self, number: str) -> Record | None:
        """Read a record, with who approved it; None where there is none."""
        row = await self.api.read(self.options.table, number, self.columns)
        return None if row is None else await self.whole(row)

    async def existing(self, number: str) -> Record:
        """Read a record; raises Rejected (`gone`) where there is none."""
        found = await self.read(number)
        if found is None:
            raise gone(number)
        return found

    async def whole(self, row: Row) -> Record:
        """Take a row as it stands, and ask who approved it where it is done and approved."""
        record = self.record(row)
        if record.is_open or row.get("approval") != "approved":
            return record
        query = f"sysapproval={record.id}^state=approved^ORDERBYDESCsys_updated_on"
        columns = ("sys_id", "approver.user_name", "approver.name")
        given = await self.api.find("sysapproval_approver", query, columns, limit=1)
        people = [one for one in given if one.get("approver.user_name") != row["sys_created_by"]]
        return replace(record, approved_by=_name(people[0], "approver") if people else "")

    def record(self, row: Row) -> Record:
        """Take a row as it stands; raises Retryable where a column that every task has is missing."""
        try:
            state, creator = row["state"], row["sys_created_by"]
            is_open = not self.options.is_closed(state)
            record = Record(
                row["sys_id"],
                is_open,
                row["sys_mod_count"],
                {name: row.get(name, "") for name in self.owned},
                key=row.get(self.options.key_column, ""),
                idempotency_key=row[mapping.EPISODE],
                refused=self.options.is_refused(state),
                assigned_to=row.get("assigned_to.name") or row.get("assignment_group.name") or "",
            )
        except KeyError as error:
            raise Retryable(f"a record without {error}, or our user may not read it", code="misconfigured") from error
        if is_open:
            return record
        closing = _closing(row)
        if closing.user == creator:
            return replace(record, closed_at=closing.at)
        reason = " ".join(row.get("close_notes", "").split())[:REASON_LIMIT]
        return replace(record, closed_by=closing.name, closed_at=closing.at, closed_reason=reason)


def gone(number: str) -> Rejected:
    """Say that a record is not there."""
    return Rejected(f"record {number} no longer exists", code="gone")


def _closing(row: Row) -> Closing:
    for who, when in (("resolved_by", "resolved_at"), ("closed_by", "closed_at")):
        if user := row.get(f"{who}.user_name"):
            return Closing(user, _name(row, who), _moment(row.get(when, "")))
    user = row.get("sys_updated_by", "")
    return Closing(user, user or SOMEBODY, _moment(row.get("sys_updated_on", "")))


def _name(row: Row, who: str) -> str:
    return row.get(f"{who}.name") or row.get(f"{who}.user_name") or SOMEBODY


def _moment(text: str) -> datetime | None:
    return mapping.read_moment(text) if text else None
