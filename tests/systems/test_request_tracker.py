"""The real Request Tracker answers, and does what the rest of these tests rests on."""

import httpx

from tests.systems.request_tracker.running import RequestTracker


def file_as_quayside(request_tracker: RequestTracker, subject: str, fields: dict[str, str]) -> int:
    answer = httpx.post(
        f"{request_tracker.url}/REST/2.0/ticket",
        json={"Queue": request_tracker.queue, "Subject": subject, "Content": "Please look.", "CustomFields": fields},
        headers={"Authorization": f"token {request_tracker.token}"},
    )
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def test_a_ticket_filed_by_token_has_its_custom_fields(request_tracker: RequestTracker) -> None:
    fields = {
        "ExternalKey": "acme/order/SO-00001/late/1",
        "TaskKey": "acme/order/SO-00001/late",
        "Kind": "late",
        "OrderNo": "SO-00001",
        "Customer": "Harbin Crane Works",
        "Promised": "2026-11-25",
        "LastScan": "Shenyang sorting centre",
    }
    number = file_as_quayside(request_tracker, "Late: SO-00001", fields)
    ticket = request_tracker.agent.ticket(number)
    assert ticket.fields == fields
    assert ticket.status == "new"


def test_a_custom_field_finds_its_ticket_at_once(request_tracker: RequestTracker) -> None:
    number = file_as_quayside(request_tracker, "Late: SO-00002", {"TaskKey": "acme/order/SO-00002/late"})
    found = request_tracker.agent.tickets("CF.{TaskKey} = 'acme/order/SO-00002/late'")
    assert [ticket.id for ticket in found] == [number]


def test_history_says_who_closed_a_ticket_and_what_was_remarked(request_tracker: RequestTracker) -> None:
    agent = request_tracker.agent
    ticket = agent.ticket(file_as_quayside(request_tracker, "Late: SO-00003", {}))
    agent.comment(ticket, "The carrier found it: 周一送达.")
    agent.resolve(ticket)
    history = agent.history(ticket)
    assert [(entry.kind, entry.by) for entry in history] == [
        ("Create", "quayside"),
        ("Comment", "mei"),
        ("Status", "mei"),
    ]
    assert (history[2].old, history[2].new) == ("new", "resolved")
    assert history[1].text == "The carrier found it: 周一送达."


def test_people_take_edit_reject_and_reopen(request_tracker: RequestTracker) -> None:
    agent = request_tracker.agent
    ticket = agent.file("Where is our crane?", "The customer called.", {"OrderNo": "SO-00004"})
    assert agent.take(ticket, "mei").owner == "mei"
    assert agent.retitle(ticket, "Crane").subject == "Crane"
    assert agent.fill_in(ticket, "LastScan", "Dalian").fields == {"OrderNo": "SO-00004", "LastScan": "Dalian"}
    assert agent.reject(ticket).status == "rejected"
    assert agent.reopen(ticket).status == "open"


def test_it_can_be_stopped_and_started_again_on_the_same_data(request_tracker: RequestTracker) -> None:
    ticket = request_tracker.agent.file("Still here", "After a restart.")
    request_tracker.server.stop()
    request_tracker.server.start()
    assert request_tracker.agent.ticket(ticket.id) == ticket
