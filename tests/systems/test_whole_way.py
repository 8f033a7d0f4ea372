"""One real order becomes one real ticket: Tryton, Kuaidi100's pushes, a real Kafka, Request Tracker, and no mercy."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.systems.deployment import SHANGHAI, SPEED, Deployment, deployed
from tests.systems.request_tracker.agent import Ticket
from tests.systems.request_tracker.running import RequestTracker
from tests.systems.tryton.running import Tryton

PARCEL = "ZT2600000000042"
STEPS_OF_DISPATCH = ("dispatch.planned", "dispatch.marked", "dispatch.called", "dispatch.recorded")
SHORT_GRACE = timedelta(hours=6)


@pytest.fixture
def quayside(tmp_path: Path, tryton: Tryton, request_tracker: RequestTracker) -> Iterator[Deployment]:
    accounts = {
        "pollers": [
            {
                "name": "factory",
                "connector": "tryton",
                "url": f"{tryton.url}/{tryton.database}",
                "secret": {"env": "TRYTON_KEY"},
                "every_seconds": SPEED,
                "zone": "Asia/Shanghai",
            }
        ],
        "targets": [
            {
                "name": "tickets",
                "connector": "request-tracker",
                "url": request_tracker.url,
                "secret": {"env": "RT_TOKEN"},
                "poll_seconds": 2 * SPEED,
                "options": {"queue": request_tracker.queue},
            }
        ],
        "policy": {
            "carriers": {"zto": ["zhongtong", "ZTO Express"]},
            "stalled": {"enabled": False},
            "under_despatched": {"grace": "PT6H"},
            "late": {"escalation": []},
        },
    }
    secrets = {"TRYTON_KEY": tryton.key, "RT_TOKEN": request_tracker.token}
    with deployed(tmp_path, accounts, secrets) as deployment:
        yield deployment


@pytest.mark.timeout(900)  # on a machine that has much else to do, each of its restarts takes most of a minute
def test_one_order_is_two_tickets_whatever_is_killed_on_the_way(
    quayside: Deployment, tryton: Tryton, request_tracker: RequestTracker
) -> None:
    """Ten ordered, eight shipped: late is one ticket, short another, and a delivery closes the first."""
    clerk, agent = tryton.clerk, request_tracker.agent
    worker, dispatch = quayside.roles["worker"], quayside.roles["dispatch"]

    def tickets(order: str, kind: str) -> list[Ticket]:
        return agent.tickets(f"Queue = '{request_tracker.queue}' AND CF.OrderNo = '{order}' AND CF.Kind = '{kind}'")

    def passes(span: timedelta) -> None:
        until = quayside.clock.now() + span
        quayside.wait_until(lambda: quayside.clock.now() >= until, f"{span} on the clock")

    dispatch.kill()
    promised = (quayside.clock.now() + timedelta(hours=36)).astimezone(SHANGHAI).date()
    sale = clerk.sell({"SN-516": 10}, promised, ordered=datetime.now(SHANGHAI).date())
    clerk.ship(sale, "ZTO", PARCEL, {"SN-516": 8})
    picked_up = (quayside.clock.now(), "103", "【上海市】快件已揽收")
    quayside.push(PARCEL, picked_up)

    # The window closes; dispatch dies once between each two of its steps, the worker between them.
    for step in STEPS_OF_DISPATCH:
        dispatch.start(failpoint=f"{step}:1")
        dispatch.wait_until_killed()
    worker.kill()
    worker.start()
    dispatch.start()

    quayside.wait_until(lambda: len(tickets(sale.number, "late")) == 1, "the late ticket")
    [late] = tickets(sale.number, "late")
    assert late.status == "new"
    assert late.fields["Customer"] == "Harbin Crane Works (C-1001)"
    assert late.fields["Promised"].startswith(promised.isoformat())
    assert "快件已揽收" in late.fields["LastScan"]
    assert sale.number in late.subject

    # The back-order is open: however long that lasts, nothing is short.
    passes(3 * SHORT_GRACE)
    assert tickets(sale.number, "under_despatched") == []

    clerk.cancel_shipment(clerk.waiting_shipment(sale))
    quayside.wait_until(lambda: len(tickets(sale.number, "under_despatched")) == 1, "the short ticket")
    worker.kill()
    worker.start()
    dispatch.kill()
    dispatch.start()

    on_its_way = (quayside.clock.now(), "1001", "【哈尔滨市】快件到达")
    quayside.push(PARCEL, picked_up, on_its_way)
    quayside.wait_until(lambda: "快件到达" in tickets(sale.number, "late")[0].fields["LastScan"], "the ticket's update")
    assert tickets(sale.number, "late")[0].status == "new"

    quayside.push(PARCEL, picked_up, on_its_way, (quayside.clock.now(), "3", "【哈尔滨市】已签收"))
    quayside.wait_until(lambda: tickets(sale.number, "late")[0].status == "resolved", "the late ticket's close")

    passes(SHORT_GRACE)
    [late] = tickets(sale.number, "late")
    [short] = tickets(sale.number, "under_despatched")
    assert late.last_updated_by == "quayside"
    assert (late.status, short.status) == ("resolved", "new")
    assert "short by 2" in short.subject
    assert [entry.text for entry in agent.history(late) if "Closed by Quayside" in entry.text]
