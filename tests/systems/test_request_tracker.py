"""The real Request Tracker answers, and does what the rest of these tests rests on."""

from datetime import timedelta

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


def test_a_refused_change_is_answered_with_success(request_tracker: RequestTracker) -> None:
    ticket = request_tracker.agent.file("Late: SO-00005", "Please look.")
    answer = httpx.put(
        f"{request_tracker.url}/REST/2.0/ticket/{ticket.id}",
        json={"Status": "nonsense"},
        headers={"Authorization": f"token {request_tracker.token}"},
    )
    assert answer.status_code == 200
    assert answer.json() == [f"Ticket {ticket.id}: Status 'nonsense' isn't a valid status for this ticket."]


def test_a_time_in_a_query_is_not_utc_whatever_it_says(request_tracker: RequestTracker) -> None:
    """Why tickets are polled by transaction number: the server's zone is eight hours ahead of UTC."""
    agent = request_tracker.agent
    ticket = agent.file("Late: SO-00006", "Please look.")
    later = ticket.last_updated + timedelta(hours=7)
    found = agent.tickets(f"id = {ticket.id} AND LastUpdated > '{later:%Y-%m-%dT%H:%M:%SZ}'")
    assert [found_ticket.id for found_ticket in found] == [ticket.id]


def test_transactions_after_a_number_are_what_people_did_since(request_tracker: RequestTracker) -> None:
    agent = request_tracker.agent
    ticket = agent.ticket(file_as_quayside(request_tracker, "Late: SO-00007", {}))
    query = f"ObjectType = 'RT::Ticket' AND TicketQueue = '{request_tracker.queue}' AND Creator != 'quayside'"

    def people_did(after: int) -> list[dict[str, str]]:
        answer = httpx.get(
            f"{request_tracker.url}/REST/2.0/transactions",
            params={
                "query": f"{query} AND id > {after}",
                "fields": "Type,ObjectId,NewValue",
                "per_page": 100,
                "orderby": "id",
            },
            headers={"Authorization": f"token {request_tracker.token}"},
        )
        assert answer.status_code == 200, answer.text
        items: list[dict[str, str]] = answer.json()["items"]
        return items

    before = max((int(item["id"]) for item in people_did(0)), default=0)
    agent.resolve(ticket)
    closed = people_did(before)
    assert [(item["ObjectId"], item["Type"], item["NewValue"]) for item in closed] == [
        (str(ticket.id), "Status", "resolved")
    ]


def test_it_can_be_stopped_and_started_again_on_the_same_data(request_tracker: RequestTracker) -> None:
    ticket = request_tracker.agent.file("Still here", "After a restart.")
    request_tracker.server.stop()
    request_tracker.server.start()
    assert request_tracker.agent.ticket(ticket.id) == ticket
