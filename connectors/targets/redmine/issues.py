"""Issues as records; pure."""

from dataclasses import replace

from connectors.targets.redmine.api import Json
from connectors.targets.redmine.closing import approver_of, closing_of
from connectors.targets.redmine.place import Place
from contracts.connector import Record
from contracts.settings import TargetAccount
from mappings.tickets import redmine as mapping


def all_fields(issue: Json) -> dict[str, str]:
    """Give all fields of an issue that can be ours, whether they are or not."""
    return mapping.issue_fields(issue)


def as_record(issue: Json, account: TargetAccount, place: Place) -> Record:
    """Read an issue; of a closed one, where its journals are told, by whom, when and why as well."""
    options, owned = mapping.options_of(account), mapping.owned(account)
    found = mapping.issue_fields(issue)
    is_open = not issue["status"]["is_closed"]
    record = Record(
        id=str(issue["id"]),
        is_open=is_open,
        version=str(issue["updated_on"]),
        fields={name: value for name, value in found.items() if name in owned},
        key=found.get(mapping.custom(options.task_key_field), ""),
        idempotency_key=found.get(mapping.custom(options.external_key_field), ""),
        refused=not is_open and options.is_refused(str(issue["status"]["name"])),
        assigned_to=str((issue.get("assigned_to") or {}).get("name", "")),
    )
    return record if is_open or "journals" not in issue else _with_closing(record, issue, account, place)


def _with_closing(record: Record, issue: Json, account: TargetAccount, place: Place) -> Record:
    options = mapping.options_of(account)
    closing = closing_of(issue["journals"], place.closed, place.ourselves)
    names = {number: name for name, number in place.statuses.items()}
    refused = record.refused if closing.status is None else options.is_refused(names.get(closing.status, ""))
    field = place.fields.get(options.approval_field)
    approved = mapping.issue_fields(issue).get(mapping.custom(options.approval_field), "").split("\n")
    approver = (
        approver_of(issue["journals"], field, options.approved, place.ourselves)
        if field is not None and options.approved in approved
        else ""
    )
    return replace(
        record,
        closed_by=closing.by,
        closed_at=closing.at,
        closed_reason=closing.reason,
        refused=refused,
        approved_by=approver,
    )
