"""What an account is told of a field that it may not choose."""

import pytest

from connectors.registry import TARGETS
from contracts.errors import Rejected
from contracts.settings import TargetAccount

OPTIONS = {
    "freshdesk": {"requester": "a@b.example"},
    "salesforce": {"client_id": "key"},
    "zammad": {"group": "Deliveries"},
}
REFUSED = [
    ("hubspot", "Subject no-name", "`{}` is no property's internal name"),
    (
        "hubspot",
        "quayside_key hs_pipeline_stage quayside_reason",
        "the property `{}` is not to be chosen: Quayside uses it itself",
    ),
    ("salesforce", "no-name", "`{}` is no field's API name"),
    (
        "salesforce",
        "Quayside_Key__c Status Comments Quayside_Reason__c",
        "the field `{}` is not to be chosen: Quayside uses it itself",
    ),
    ("servicenow", "Urgency", "`{}` is no column's name"),
    (
        "servicenow",
        "state sys_id correlation_id u_quayside_key work_notes",
        "the column `{}` is not to be chosen: it has a meaning of its own",
    ),
    ("zammad", "Priority", "`{}` is no attribute's name"),
    (
        "zammad",
        "state owner_id quayside_task quayside_approval",
        "the attribute `{}` is not to be chosen: it has a meaning of its own",
    ),
    ("zammad", "title", "every ticket has a `{}`"),
    ("freshdesk", "status CF_x", "`{}` is neither `subject` nor `priority` nor a custom field (cf_…)"),
    (
        "freshdesk",
        "cf_quayside_task cf_quayside_approver",
        "the field `{}` is not to be chosen: Quayside uses it itself",
    ),
    ("freshdesk", "subject priority", "every ticket has a `{}`"),
]


def refusal(connector: str, **chosen: dict[str, None]) -> Rejected:
    account = {"name": "desk", "connector": connector, "url": "https://desk.example", **chosen}
    with pytest.raises(Rejected) as refused:
        TARGETS[connector].check(TargetAccount.model_validate(account | {"options": OPTIONS.get(connector, {})}))
    return refused.value


@pytest.mark.parametrize(
    ("connector", "name", "told"),
    [(connector, name, told.format(name)) for connector, names, told in REFUSED for name in names.split()],
)
def test_it_is_called_as_its_system_calls_it_and_told_why(connector: str, name: str, told: str) -> None:
    refused = refusal(connector, fields={name: None})
    assert (refused.reason, refused.code) == (told, "bad_field")


@pytest.mark.parametrize(("connector", "name"), [("hubspot", "quayside_key"), ("salesforce", "Quayside_Key__c")])
def test_so_it_is_beside_an_order(connector: str, name: str) -> None:
    assert f"`{name}` is not to be chosen" in refusal(connector, status_fields={name: None}).reason
