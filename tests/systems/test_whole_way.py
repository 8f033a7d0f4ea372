"""One real order becomes one real ticket: Tryton, Kuaidi100's pushes, a real Kafka, Request Tracker, and no mercy."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from tests.systems.deployment import SHANGHAI, SPEED, Deployment, deployed
from tests.systems.request_tracker.agent import Ticket
from tests.systems.request_tracker.running import RequestTracker
from tests.systems.tryton.running import Tryton

PARCEL = "ZT2600000000042"
SHORT_GRACE = timedelta(hours=6)
BEFORE_THE_CREATE = ("dispatch.planned:2", "dispatch.marked:1")
AFTER_THE_CREATE = "dispatch.called:2"
AFTER_THE_LOOK_UP = "dispatch.recorded:1"
"""Where dispatch is killed, one start after the other.

Twice a look-up comes first: of what is older than the ledger, and of what was marked and perhaps never called.
"""

Held = tuple[str, str]
"""Kind and status of a ticket."""


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
                # What other tests sold in this Tryton is left out: the kills are to hit this order's tickets.
                "overlap_seconds": 10,
                "options": {"since": datetime.now(UTC).isoformat()},
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
            # Wanted from the first instant until the window closes: the kills would hit their tickets instead.
            "at_risk": {"enabled": False},
            "release_late": {"enabled": False},
            # Wanted where a slow machine's restarts take days of this clock.
            "stalled": {"enabled": False},
            "expired": {"enabled": False},
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

    dispatch.kill()
    promised = (quayside.clock.now() + timedelta(hours=36)).astimezone(SHANGHAI).date()
    sale = clerk.sell({"SN-516": 10}, promised, ordered=datetime.now(SHANGHAI).date())
    clerk.ship(sale, "ZTO", PARCEL, {"SN-516": 8})
    picked_up = (quayside.clock.now(), "103", "【上海市】快件已揽收")
    quayside.push(PARCEL, picked_up)

    def tickets() -> list[Ticket]:
        """Every ticket of the order, of any kind and in any state."""
        return agent.tickets(f"Queue = '{request_tracker.queue}' AND CF.OrderNo = '{sale.number}'")

    def held() -> list[Held]:
        return sorted((ticket.fields["Kind"], ticket.status) for ticket in tickets())

    until(quayside, closing(promised))
    for step in BEFORE_THE_CREATE:
        killed_at(quayside, step)
        assert held() == []
    killed_at(quayside, AFTER_THE_CREATE)
    assert held() == [("late", "new")], "it stands, and the ledger does not know"
    worker.kill()
    worker.start()
    killed_at(quayside, AFTER_THE_LOOK_UP)
    assert held() == [("late", "new")]
    dispatch.start()

    [late] = tickets()
    assert late.fields["Customer"] == "Harbin Crane Works (C-1001)"
    assert late.fields["Promised"].startswith(promised.isoformat())
    assert "快件已揽收" in late.fields["LastScan"]
    assert sale.number in late.subject

    # The back-order is open: however long that lasts, nothing is short.
    until(quayside, quayside.clock.now() + 3 * SHORT_GRACE)
    assert held() == [("late", "new")]

    clerk.cancel_shipment(clerk.waiting_shipment(sale))
    quayside.wait_until(lambda: len(held()) > 1, "the short ticket")
    assert held() == [("late", "new"), ("under_despatched", "new")]
    worker.kill()
    worker.start()
    dispatch.kill()
    dispatch.start()

    on_its_way = (quayside.clock.now(), "1001", "【哈尔滨市】快件到达")
    quayside.push(PARCEL, picked_up, on_its_way)
    quayside.wait_until(lambda: "快件到达" in agent.ticket(late.id).fields["LastScan"], "the ticket's update")
    assert agent.ticket(late.id).status == "new"

    quayside.push(PARCEL, picked_up, on_its_way, (quayside.clock.now(), "3", "【哈尔滨市】已签收"))
    quayside.wait_until(lambda: agent.ticket(late.id).status == "resolved", "the late ticket's close")

    until(quayside, quayside.clock.now() + SHORT_GRACE)
    assert held() == [("late", "resolved"), ("under_despatched", "new")]
    [short] = [ticket for ticket in tickets() if ticket.id != late.id]
    assert agent.ticket(late.id).last_updated_by == "quayside"
    assert "short by 2" in short.subject
    assert [entry.text for entry in agent.history(late) if "Closed by Quayside" in entry.text]


def until(quayside: Deployment, instant: datetime) -> None:
    quayside.wait_until(lambda: quayside.clock.now() >= instant, f"{instant} on the clock")


def closing(promised: date) -> datetime:
    """When the window of a promised day closes."""
    return datetime.combine(promised + timedelta(days=1), time(), SHANGHAI)


def killed_at(quayside: Deployment, step: str) -> None:
    """Start dispatch, and wait until it has died at this failpoint."""
    quayside.roles["dispatch"].start(failpoint=step)
    quayside.roles["dispatch"].wait_until_killed()
