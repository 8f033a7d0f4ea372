"""A task in the fields of a Request Tracker ticket, and a ticket as REST2 gives it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.errors import Rejected
from contracts.fields import TaskField
from contracts.settings import TargetAccount
from contracts.snapshot import Text
from mappings.tickets import request_tracker as mapping
from tests.connectors.sample_tasks import late_task


def account(fields: Mapping[str, TaskField | None] | None = None, **options: str) -> TargetAccount:
    given = {"queue": "Deliveries", **options}
    url = "http://rt.example"
    return TargetAccount(name="rt", connector="request-tracker", url=url, options=given, fields=dict(fields or {}))


def test_a_task_in_a_tickets_fields() -> None:
    fields = dict(mapping.fields(late_task("SO-1"), account()))
    assert fields.pop("CF.{Details}").startswith("The promised window has passed.\n")
    assert fields == {
        "Subject": "Order SO-1 is late",
        "Due": "2026-11-20T20:00:00Z",
        "CF.{OrderNo}": "SO-1",
        "CF.{Customer}": "Müller & Söhne 机械厂 \"O'Neil\\ (C-17)",
        "CF.{Promised}": "2026-11-20",
        "CF.{LastScan}": "2026-11-19 14:30 (Asia/Shanghai) · yuantong YT88001 · 武汉 · 到达【武汉转运中心】",
        "CF.{Kind}": "late",
        "CF.{Severity}": "major",
        "CF.{Role}": "logistics",
    }


CHOSEN = {
    "CF.{订单号}": TaskField.ORDER,
    "CF.{Order again}": TaskField.ORDER,
    "CF.{Role}": None,
    "Due": TaskField.PROMISED_BY,
}


def test_a_field_is_chosen_by_the_account_or_left_out() -> None:
    fields = mapping.fields(late_task("SO-1"), account(CHOSEN))
    assert fields["CF.{订单号}"] == fields["CF.{Order again}"] == fields["CF.{OrderNo}"] == "SO-1"
    assert fields["Due"] == "2026-11-20T16:00:00Z"
    assert "CF.{Role}" not in fields


@pytest.mark.parametrize("chosen", [{}, CHOSEN])
def test_all_fields_that_are_written_are_owned(chosen: dict[str, TaskField | None]) -> None:
    assert set(mapping.fields(late_task(), account(chosen))) == mapping.owned(account(chosen))


def test_a_queue_must_have_the_custom_fields_that_are_chosen() -> None:
    needed = mapping.custom_fields(account(CHOSEN))
    assert {"订单号", "Order again", "OrderNo", "ExternalKey", "TaskKey", "Details", "Approval"} <= needed
    assert "Role" not in needed


def test_an_instant_that_is_not_known_is_no_date() -> None:
    nowhere = replace(late_task(), view=None)
    assert mapping.fields(nowhere, account({"Due": TaskField.ETA}))["Due"] == ""


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"Owner": TaskField.ROLE}, "a ticket has no field `Owner`; expected Due, Subject or CF.{NAME}"),
        ({"CF.{a'b}": TaskField.ROLE}, "a ticket has no field"),
        ({"CF.{TaskKey}": TaskField.ROLE}, "chosen by an option already"),
        ({"CF.{Approval}": TaskField.ROLE}, "chosen by an option already"),
        ({"CF.{Details}": None}, "chosen by an option already"),
        ({"Due": TaskField.TITLE}, "`Due` takes an instant"),
    ],
)
def test_a_field_that_no_ticket_has_or_that_is_not_ours_is_refused(
    chosen: dict[str, TaskField | None], told: str
) -> None:
    with pytest.raises(Rejected, match=re.escape(told)):
        mapping.check(account(chosen))


@pytest.mark.parametrize("title", ["late " * 100, "订单延误" * 100])
def test_a_subject_is_no_longer_than_is_kept(title: str) -> None:
    context = late_task()
    long = context.task.model_copy(update={"texts": {"en": Text(title=title, body="")}})
    subject = mapping.fields(replace(context, task=long), account())["Subject"]
    assert mapping.SUBJECT_LIMIT - 5 < len(subject.encode()) <= mapping.SUBJECT_LIMIT
    assert subject == subject.strip()
    assert title.startswith(subject)


def test_fields_as_they_are_sent() -> None:
    """A date goes out in UTC without saying so: with a `Z` an update loses it."""
    sent = mapping.ticket_values({"Subject": "s", "Due": "2026-11-20T20:00:00Z", "CF.{Order No}": "1"})
    assert sent == {"Subject": "s", "Due": "2026-11-20 20:00:00", "CustomFields": {"Order No": "1"}}


def test_fields_as_they_are_read() -> None:
    """As https://docs.bestpractical.com/rt/5.0.3/RT/REST2.html shows a ticket; what is empty is an empty text."""
    ticket = {
        "id": 4,
        "Subject": "s",
        "Due": "1970-01-01T00:00:00Z",
        "CustomFields": [
            {"id": "1", "type": "customfield", "name": "Kind", "values": ["late"]},
            {"id": "2", "type": "customfield", "name": "OrderNo", "values": []},
        ],
    }
    assert mapping.ticket_fields(ticket) == {"Subject": "s", "Due": "", "CF.{Kind}": "late", "CF.{OrderNo}": ""}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"queue": ""}, r"\$\.queue"),
        ({"queue": "It's"}, r"\$\.queue"),
        ({"task_key_field": ""}, r"\$\.task_key_field"),
        ({"details_field": "a}"}, r"\$\.details_field"),
        ({"timeout_seconds": "-1"}, r"\$\.timeout_seconds"),
        ({"que": "x"}, r"\$\.que"),
    ],
)
def test_a_wrong_option_is_told_by_its_path(options: dict[str, str], told: str) -> None:
    with pytest.raises(Rejected, match=told):
        mapping.options_of(account({}, **options))


def test_an_account_must_name_its_queue() -> None:
    nameless = account().model_copy(update={"options": {}})
    with pytest.raises(Rejected, match=r"\$\.queue: found nothing"):
        mapping.options_of(nameless)


def test_statuses_of_a_lifecycle_of_ones_own() -> None:
    options = mapping.options_of(account(closed="erledigt", closed_statuses="a, b", refused_statuses="b"))
    assert [status for status in ("erledigt", "a", "b", "open", "") if options.is_closed(status)] == [
        "erledigt",
        "a",
        "b",
    ]
    assert [status for status in ("erledigt", "a", "b", "open", "") if options.is_refused(status)] == ["b"]


def test_every_option_is_told_in_the_guide() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "how-to" / "request-tracker.md").read_text(encoding="utf-8")
    assert [name for name in mapping.RequestTrackerOptions.model_fields if f"`{name}`" not in guide] == []


def test_a_value_is_quoted_for_a_search() -> None:
    assert mapping.quoted('O\'Neil\\ "x"') == "'O\\'Neil\\\\ \"x\"'"
