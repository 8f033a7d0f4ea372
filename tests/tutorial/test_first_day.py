"""The first day as newcomers see it (docs/tutorial/first-day.md): its tables, what stays up, its push, and Ctrl-C."""

import asyncio
import re
import shlex
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import psutil
import pytest
from typer.testing import CliRunner

from contracts.settings import Settings
from desk.cli import app
from desk.configuration.load import load
from desk.demo.expected import read_expected
from desk.demo.story import read_story
from desk.demo.watching import Outside, Portal, TicketDesk, until_quiet
from tests.streams.dispatch.running import until

pytestmark = [pytest.mark.broker, pytest.mark.timeout(240)]
QUAYSIDE = (sys.executable, "-P", "-m", "desk")
FOUND = {
    "carrier_exception": {"SO-2635", "SO-2654"},
    "condition_breach": {"PL-2702"},
    "damaged": {"PL-2701"},
    "documents_missing": {"PL-2701"},
    "late": {"SO-2641", "SO-2642", "SO-2643", "SO-2644", "SO-2671"},
    "receipt_discrepancy": {"PL-2701"},
    "returning": {"SO-2684"},
    "stalled": {"SO-2651", "SO-2652", "SO-2654"},
    "survey_low": {"PL-2703"},
    "under_despatched": {"SO-2661", "SO-2662", "SO-2663", "SO-2667"},
}
"""The reviewed findings (desk/demo/day/expected.yaml), by the order that they are found at."""
ORDER = re.compile(r"(?P<order>[A-Z]{2}-\d{4}) .+? (?P<day>\d\d-\d\d)? +(?P<status>[a-z_]+)(?: +(?P<found>[a-z_, ]+))?")
TASK = re.compile(r"(?P<number>\d+) +(?P<state>open|closed) +(?P<role>[a-z_]+) +(?P<title>.+)")


@dataclass(frozen=True)
class Shown:
    """A demo that has come to its end, and stays up. screen: its lines."""

    process: "subprocess.Popen[str]"
    screen: tuple[str, ...]
    offspring: tuple[psutil.Process, ...]

    def between(self, begins: str, ends: str) -> tuple[str, ...]:
        places = [next(at for at, line in enumerate(self.screen) if line.startswith(word)) for word in (begins, ends)]
        return self.screen[places[0] + 1 : places[1]]

    @property
    def next_steps(self) -> dict[str, list[str]]:
        """Give what stands under each sentence of "Where to look next"."""
        steps: dict[str, list[str]] = {}
        for line in self.between("Where to look next", "Everything stays up"):
            if line.startswith("      "):
                steps[next(reversed(steps))].append(line.strip())
            elif line.strip():
                steps[line.strip()] = []
        return steps

    def step(self, words: str) -> list[str]:
        return next(where for what, where in self.next_steps.items() if words in what)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """One demo for all that is looked at here; the last test ends it."""
    command = [*QUAYSIDE, "demo", "--state", str(tmp_path_factory.mktemp("staying") / "demo")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        try:
            screen: list[str] = []
            for line in demo.stdout:
                screen.append(line.rstrip())
                if "Ctrl-C" in line:
                    break
            assert screen, "it said nothing"
            assert "Ctrl-C" in screen[-1], "\n".join(screen)
            yield Shown(demo, tuple(screen), tuple(psutil.Process(demo.pid).children(recursive=True)))
        finally:
            demo.kill()


@pytest.fixture
def settings(shown: Shown) -> Settings:
    """The configuration that the screen points to."""
    return load(Path(shlex.split(shown.step("could not be read")[0])[-1]))


@pytest.fixture
async def outside(shown: Shown) -> AsyncIterator[Outside]:
    """The ticket desk and the portal that the screen points to."""
    desk, portal = shown.step("ticket desk")[0], shown.step("portal")[0].split()[-1].removesuffix("/webhooks")
    async with httpx.AsyncClient(timeout=10.0, trust_env=False) as client:
        yield Outside(TicketDesk(client, desk), Portal(client, portal), lambda: 0)


def test_the_table_of_orders_has_each_with_its_reviewed_status_and_what_was_found(shown: Shown) -> None:
    status: dict[str, str] = {}
    found: dict[str, set[str]] = {}
    order = ""
    for line in shown.between("Order ", "Tasks at the ticket desk"):
        words = line.strip()
        if row := ORDER.fullmatch(line):
            order, words = row["order"], row["found"] or ""
            status[order] = row["status"]
        for kind in words.replace(",", " ").split():
            found.setdefault(kind, set()).add(order)
    assert status == read_expected(read_story()).outcome.orders
    assert found == FOUND


def test_the_table_of_tasks_has_each_reviewed_task_with_its_state_and_whom_it_is_for(shown: Shown) -> None:
    """One that was there for an hour of the day may be missing where the machine was busy for that second."""
    rows = [row for line in shown.between("No.", "Registrations at Kuaidi100") if (row := TASK.fullmatch(line))]
    reviewed = {
        state: Counter(
            task.role
            for tasks in read_expected(read_story()).outcome.tasks.values()
            for task in tasks
            if task.is_open == (state == "open")
        )
        for state in ("open", "closed")
    }
    roles = {state: Counter(row["role"] for row in rows if row["state"] == state) for state in reviewed}
    assert roles["open"] == reviewed["open"]
    assert Counter() < roles["closed"] <= reviewed["closed"]
    assert [row["number"] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    said = {row["title"]: (row["state"], row["role"]) for row in rows}
    assert said["Order SO-2641 is late (promised 2026-03-02)"] == ("open", "logistics")
    assert said["Order SO-2662 was despatched short by 3"] == ("open", "sales")


def test_every_line_of_where_to_look_next_leads_somewhere(shown: Shown) -> None:
    pages = [word for where in shown.next_steps.values() for line in where for word in line.split() if "http" in word]
    assert len(pages) == 5
    for page in [page for page in pages if "/in/" not in page]:
        assert httpx.get(page, trust_env=False).is_success, page
    assert Path(shown.step("processes say")[0].split()[-1]).stat().st_size
    story = _answer(shown.step("How an order")[0])
    assert "SO-2641" in story
    assert "late" in story
    assert "registrations" in _answer(shown.step("registered")[0])
    assert "normalise" in _answer(shown.step("could not be read")[0])


def _answer(line: str) -> str:
    quayside, *arguments = shlex.split(line)
    assert quayside == ".venv/bin/quayside"
    asked = CliRunner().invoke(app, arguments)
    assert asked.exit_code == 0, asked.output
    return asked.output


async def test_the_push_of_the_tutorial_closes_its_task_and_posted_again_does_nothing(
    shown: Shown, settings: Settings, outside: Outside
) -> None:
    """docs/tutorial/first-day.md, "Push something yourself"."""
    curl, option, file, url = shlex.split(shown.step("turn up: its task closes")[0])
    assert (curl, option, file[0]) == ("curl", "--data-binary", "@")
    form = await asyncio.to_thread(Path(file[1:]).read_bytes)
    before = {record["id"]: record for record in await outside.desk.records()}
    told = len(await outside.portal.messages())
    silent = next(record for record in before.values() if "ZT7600265100510" in record["key"])
    assert silent["is_open"]

    assert await _post(outside, url, form) == 200
    await until(partial(_is_closed, outside, silent["id"]), "the task of the parcel closes")
    await until_quiet(settings, outside)
    after = {record["id"]: record for record in await outside.desk.records()}
    assert [number for number, record in after.items() if record != before.get(number)] == [silent["id"]]
    assert [line["what"] for line in after[silent["id"]]["history"]].count("closed") == 1
    told_since = len(await outside.portal.messages())
    assert told_since > told

    assert await _post(outside, url, form) == 200
    await until_quiet(settings, outside)
    assert {record["id"]: record for record in await outside.desk.records()} == after
    assert len(await outside.portal.messages()) == told_since

    forged = form.replace(b"sign=", b"sign=0", 1)
    assert forged != form
    assert await _post(outside, url, forged) == 401


async def _post(outside: Outside, url: str, form: bytes) -> int:
    """Post as curl does with --data-binary."""
    content_type = {"content-type": "application/x-www-form-urlencoded"}
    answer = await outside.desk.client.post(url, content=form, headers=content_type)
    if answer.is_success:
        assert answer.json()["returnCode"] == "200"
    return answer.status_code


async def _is_closed(outside: Outside, number: str) -> bool:
    return any(record["id"] == number and not record["is_open"] for record in await outside.desk.records())


def test_it_stays_up_until_ctrl_c_which_ends_it_cleanly_and_leaves_nothing_running(shown: Shown) -> None:
    said = [" ".join(process.cmdline()) for process in shown.offspring if process.is_running()]
    for name in ("kafka.Kafka", "desk ingress", "desk poll", "desk worker", "desk dispatch", "desk receive"):
        assert any(name in command for command in said), f"{name} does not run any more"
    assert shown.process.poll() is None
    shown.process.send_signal(signal.SIGINT)
    assert shown.process.stdout is not None
    assert shown.process.stdout.read().split("\n")[-2] == "Everything has ended."
    assert shown.process.wait(60) == 0
    _, left = psutil.wait_procs(list(shown.offspring), timeout=60)
    assert not left
