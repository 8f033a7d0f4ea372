"""What a person sees of the ticket desk, and does."""

from datetime import UTC, datetime

import httpx
import pytest

from desk.receive.catalogue import WORDS
from desk.receive.desk import Desk
from desk.receive.journal import Journal
from desk.receive.serving import application
from tests.desk.receive.visiting import Visit

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
FIELDS = {
    "title": "Order SO-1 is late",
    "text": "The promised window has passed.",
    "order": "SO-1",
    "customer": "Acme",
    "kind": "late",
    "severity": "major",
    "due": "2026-11-21T16:00:00.000000Z",
}


@pytest.fixture
def desk() -> Desk:
    return Desk(Journal(None), lambda: NOON)


@pytest.fixture
def browser(desk: Desk) -> Visit:
    return Visit(application(desk, None))


def submit(browser: Visit, path: str, **form: str) -> httpx.Response:
    return browser.post(path, data=form)


def test_an_empty_desk_says_what_will_come(browser: Visit) -> None:
    assert "Tasks that Quayside sends will appear here" in browser.get("/").text


def test_open_and_closed_tasks_are_apart(browser: Visit, desk: Desk) -> None:
    desk.create("k1", "k1-1", FIELDS)
    desk.create("k2", "k2-1", {**FIELDS, "title": "Order SO-2 is late"})
    desk.close(2, by="Mei", reason="It arrived")
    shown = {show: browser.get("/", params={"show": show}).text for show in ("open", "closed", "all")}
    assert {show: ("SO-1 is" in page, "SO-2 is" in page) for show, page in shown.items()} == {
        "open": (True, False),
        "closed": (False, True),
        "all": (True, True),
    }
    assert "Mei" in shown["closed"]
    assert "It arrived" in shown["closed"]


def test_a_task_shows_its_text_its_facts_and_its_history(browser: Visit, desk: Desk) -> None:
    task, _ = desk.create("k1", "k1-1", FIELDS)
    desk.change(1, task.version, {"severity": "grave"}, "worse")
    desk.comment(1, "Mei", "I called")
    page = browser.get("/tasks/1").text
    for part in ("The promised window has passed.", "Acme", "2026-11-21 16:00 UTC", "Severity: Grave", "I called"):
        assert part in page


def test_a_person_closes_a_task_with_a_reason(browser: Visit, desk: Desk) -> None:
    desk.create("k1", "k1-1", FIELDS)
    answer = submit(browser, "/tasks/1/close", by=" 梅 ", reason="与客户确认 & done", outcome="refused")
    assert (answer.status_code, answer.headers["location"]) == (303, "/tasks/1")
    closing = desk.task(1).closing
    assert closing
    assert (closing.by, closing.text, closing.refused) == ("梅", "与客户确认 & done", True)
    assert "Close this task" not in browser.get("/tasks/1").text


def test_a_person_closes_a_task_with_an_approval(browser: Visit, desk: Desk) -> None:
    desk.create("k1", "k1-1", FIELDS)
    assert "Approved by (where the task asks for it)" in browser.get("/tasks/1").text
    assert submit(browser, "/tasks/1/close", by="Mei", reason="agreed", approved_by=" Chen ").status_code == 303
    closing = desk.task(1).closing
    assert closing
    assert closing.approved_by == "Chen"
    assert "Approved by: Chen" in browser.get("/tasks/1").text
    assert browser.get("/records/1").json()["approved_by"] == "Chen"


@pytest.mark.parametrize(
    "form",
    [
        {"by": "Mei", "outcome": "done"},
        {"by": " ", "reason": "x", "outcome": "done"},
        {"by": "Mei", "reason": "x", "outcome": "eaten"},
        {"by": "M" * 101, "reason": "x", "outcome": "done"},
        {"by": "Mei", "reason": "x" * 2001, "outcome": "done"},
    ],
)
def test_a_form_that_is_incomplete_closes_nothing(browser: Visit, desk: Desk, form: dict[str, str]) -> None:
    desk.create("k1", "k1-1", FIELDS)
    assert submit(browser, "/tasks/1/close", **form).status_code == 422
    assert desk.task(1).is_open


def test_another_sites_page_closes_nothing(browser: Visit, desk: Desk) -> None:
    desk.create("k1", "k1-1", FIELDS)
    form = {"by": "Mei", "reason": "x", "outcome": "done"}
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 303)):
        headers = {"Sec-Fetch-Site": site}
        answer = browser.post("/tasks/1/close", data=form, headers=headers)
        assert answer.status_code == status
        assert desk.task(1).is_open == (status == 403)


def test_what_a_sender_writes_stays_text(browser: Visit, desk: Desk) -> None:
    evil = "<script>alert(1)</script>\"'&"
    desk.create("k1", "k1-1", dict.fromkeys(FIELDS, evil))
    desk.comment(1, evil, evil)
    for path in ("/", "/tasks/1"):
        assert "<script" not in browser.get(path).text
        assert "&lt;script&gt;" in browser.get(path).text


@pytest.mark.parametrize("fields", [{}, {"due": "soon"}, {"severity": "unheard of"}])
def test_a_task_that_says_little_is_shown_too(browser: Visit, desk: Desk, fields: dict[str, str]) -> None:
    desk.create("k1", "k1-1", fields)
    for path in ("/", "/tasks/1"):
        assert "Task 1" in browser.get(path).text


@pytest.mark.parametrize(
    ("asked", "accepted", "heading"),
    [
        ("", "de-DE,de;q=0.9", "Ticket desk"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "工单台"),
        ("", "", "Ticket desk"),
        ("?lang=zh-CN", "en", "工单台"),
        ("?lang=en", "zh", "Ticket desk"),
        ("?lang=fr", "en", "Ticket desk"),
    ],
)
def test_the_language_is_the_one_asked_for_else_the_browsers(
    browser: Visit, asked: str, accepted: str, heading: str
) -> None:
    assert heading in browser.get(f"/{asked}", headers={"Accept-Language": accepted}).text


def test_both_languages_have_all_words() -> None:
    assert set(WORDS["en"]) == set(WORDS["zh-CN"])
    assert all(word for words in WORDS.values() for word in words.values())
