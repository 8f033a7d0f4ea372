"""A Case as a record: whether it is done, by whom, why; whether it was merged or deleted.

Who changed a status stands in the field history, where that is tracked; else whoever changed the Case last is taken for
it. Who created a Case is us.

Source: https://developer.salesforce.com/docs/platform/object-reference/references/standard-objects/object-case.html and
its CaseHistory; deleted and merged ones:
https://developer.salesforce.com/docs/platform/api-rest/guide/dome-queryall.html
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from connectors.targets.salesforce.rest import Json, Salesforce
from contracts.connector import Record
from contracts.envelope import read_time
from mappings.tickets import salesforce as mapping

SOMEBODY = "somebody"
REASON_LIMIT = 500
HISTORY = 200
_ID = re.compile(r"[A-Za-z0-9]{15}([A-Za-z0-9]{3})?")
_ALWAYS = (
    "Id",
    "Status",
    "IsClosed",
    "ClosedDate",
    "SystemModstamp",
    "LastModifiedDate",
    "CreatedById",
    "LastModifiedById",
    "LastModifiedBy.Name",
    "OwnerId",
    "Owner.Name",
    "IsDeleted",
    "MasterRecordId",
)


@dataclass(frozen=True, slots=True)
class Cases:
    """Reads Cases. owned: the fields that we write at every update."""

    salesforce: Salesforce
    options: mapping.SalesforceOptions
    owned: tuple[str, ...]

    @property
    def selected(self) -> str:
        """The beginning of a query for Cases."""
        keys = mapping.EPISODE, mapping.TASK, mapping.KEY
        read = self.options.reason_field, self.options.approval_field
        names = ", ".join(dict.fromkeys((*_ALWAYS, *keys, *read, *self.owned)))
        return f"SELECT {names} FROM Case"  # noqa: S608  names of fields, which `mapping.check` has seen

    async def read(self, number: str) -> Record | None:
        """Read a Case with whoever closed it; None where there is none, not even in the recycle bin."""
        if not _ID.fullmatch(number):
            return None
        page = await self.salesforce.query(f"{self.selected} WHERE Id = '{number}'", deleted=True)
        return await self.with_closing(page.rows[0]) if page.rows else None

    async def of_task(self, digested: str) -> list[Record]:
        """Read every episode's Case of a task, the oldest first."""
        order = "ORDER BY CreatedDate, Id"
        page = await self.salesforce.query(f"{self.selected} WHERE {mapping.TASK} = '{digested}' {order}")
        return [await self.with_closing(row) async for row in self.salesforce.all_rows(page)]

    def record(self, row: Json) -> Record:
        """Take a Case as it stands, without whoever closed it."""
        is_gone = bool(row["IsDeleted"])
        status = str(row.get("Status") or "")
        into = str(row.get("MasterRecordId") or "")
        keys = mapping.texts(row, (mapping.KEY, mapping.EPISODE))
        return Record(
            str(row["Id"]),
            not (row["IsClosed"] or is_gone),
            str(row["LastModifiedDate"]),
            mapping.texts(row, self.owned),
            key=keys[mapping.KEY],
            idempotency_key=keys[mapping.EPISODE],
            refused=bool(row["IsClosed"]) and self.options.is_refused(status),
            merged_into=into if is_gone else "",
            is_deleted=is_gone and not into,
            assigned_to="" if row["OwnerId"] == row["CreatedById"] else _name(row.get("Owner")),
        )

    async def with_closing(self, row: Json) -> Record:
        """Take a Case, with whoever closed it."""
        record = self.record(row)
        if record.is_open:
            return record
        if row["IsDeleted"]:
            return replace(record, closed_by=SOMEBODY, closed_at=read_time(row["SystemModstamp"]))
        ours = str(row["CreatedById"])
        asked = "SELECT Field, NewValue, CreatedDate, CreatedById, CreatedBy.Name FROM CaseHistory"
        page = await self.salesforce.query(
            f"{asked} WHERE CaseId = '{record.id}' ORDER BY CreatedDate DESC, Id DESC LIMIT {HISTORY}"
        )
        closing = _newest(page.rows, "Status", str(row["Status"])) or {
            "CreatedById": row["LastModifiedById"],
            "CreatedBy": row.get("LastModifiedBy"),
        }
        at = read_time(row["ClosedDate"]) if row.get("ClosedDate") else None
        if closing["CreatedById"] == ours:
            return replace(record, closed_at=at)
        read = mapping.texts(row, (self.options.reason_field, self.options.approval_field))
        by = ""
        if read[self.options.approval_field] == self.options.approved:
            change = _newest(page.rows, self.options.approval_field, self.options.approved)
            by = "" if change and change["CreatedById"] == ours else _name((change or {}).get("CreatedBy"))
        return replace(
            record,
            closed_by=_name(closing["CreatedBy"]),
            closed_at=at,
            closed_reason=" ".join(read[self.options.reason_field].split())[:REASON_LIMIT],
            approved_by=by,
        )


def _newest(rows: Sequence[Json], name: str, value: str) -> Json | None:
    """The newest change of a field to a value."""
    return next((row for row in rows if row["Field"] == name and row["NewValue"] == value), None)


def _name(user: Json | None) -> str:
    return str((user or {}).get("Name") or SOMEBODY)
