"""A task in the fields of a Redmine issue: what is shaped, what is refused."""

import pytest

from contracts.errors import Rejected
from contracts.fields import TaskField
from contracts.settings import TargetAccount
from mappings.tickets import redmine
from tests.connectors.sample_tasks import late_task


def account(fields: dict[str, TaskField | None] | None = None, **options: str) -> TargetAccount:
    given = {"project": "deliveries", "tracker": "Support", **options}
    return TargetAccount(name="r", connector="redmine", url="http://r", options=given, fields=fields or {})


def test_a_due_day_is_a_day_of_the_account_s_zone() -> None:
    context = late_task()
    late_in_the_day = context.task.due_at.replace(day=20, hour=20)
    task = context.task.model_copy(update={"due_at": late_in_the_day})
    moved = type(context)(**{name: getattr(context, name) for name in context.__slots__} | {"task": task})
    days = [redmine.fields(moved, account(zone=zone))["due_date"][-2:] for zone in ("UTC", "Asia/Shanghai")]
    assert days == ["20", "21"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"priority": TaskField.SEVERITY}, "no field `priority`; expected description, due_date, subject or cf.NAME"),
        ({"cf.": TaskField.ORDER}, "lacks the name"),
        ({"cf.TaskKey": TaskField.ORDER}, "`cf.TaskKey` is chosen by an option already"),
        ({"cf.Approval": TaskField.ORDER}, "chosen by an option already"),
        ({"subject": None}, "must have a `subject`"),
        ({"due_date": TaskField.TITLE}, "`due_date` takes an instant or a day"),
    ],
)
def test_a_field_that_no_issue_has_or_that_is_not_ours_is_refused(
    fields: dict[str, TaskField | None], said: str
) -> None:
    with pytest.raises(Rejected) as refused:
        redmine.check(account(fields))
    assert said in refused.value.reason


def test_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(Rejected, match="not a time zone"):
        redmine.check(account(zone="Mars/Base"))


def test_a_promised_day_is_written_as_it_is() -> None:
    fields = redmine.fields(late_task(), account({"due_date": TaskField.PROMISED_DAY}))
    assert fields["due_date"] == "2026-11-20"


def test_lists_and_lines_are_read_as_they_were_written() -> None:
    issue = {"subject": "a", "description": "x\r\ny", "custom_fields": [{"name": "L", "value": ["a", "b"]}]}
    found = redmine.issue_fields({**issue, "due_date": None})
    assert found == {"subject": "a", "description": "x\ny", "due_date": "", "cf.L": "a\nb"}
