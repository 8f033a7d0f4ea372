"""The demo from start to end."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
from rich.console import Console

from connectors.kafka import create_topics
from contracts.clock import WallClock
from contracts.errors import Fatal, Rejected
from contracts.settings import Settings
from desk.broker.java import java_command
from desk.demo.deployment import SUBSCRIBER, TRACKER, Deployment, Language, day_clock, ordinary_clock
from desk.demo.erp import erp_lines
from desk.demo.expected import read_expected
from desk.demo.judging import Result, judge
from desk.demo.playing import deliver, play, until
from desk.demo.portal import of_messages
from desk.demo.processes import Kept, Roles, broker_in, kept, portal, ticket_desk, while_kept
from desk.demo.pushes import Push, pushes, told
from desk.demo.registrations import of_ledger
from desk.demo.senders import Senders
from desk.demo.showing import Screen
from desk.demo.story import Story, read_story
from desk.demo.watching import Outside, Portal, TicketDesk, ledger_of, look, until_quiet
from desk.supervision.output import prefixed

LEAST_LEAD_SECONDS, LONGEST_LEAD_SECONDS = 9.0, 20.0
LEAD = 2.0
"""The roles have so many times as long as the broker took to get ready for the day: a slow machine is slow at both."""
OVER = timedelta(minutes=30)
"""How long past its end the day goes on, so that every tick of it is told."""
SHOW_EVERY_SECONDS = 0.2
PATIENCE_SECONDS = 15.0
"""For how long after the day the pushes are awaited that nobody has asked for yet."""
INTERRUPTED = 130


def run_demo(folder: Path, *, check: bool, without: str | None, language: Language = "en") -> int:
    """Play the day in `folder`; with `check`, judge it and end, else stay up until Ctrl-C. Gives the exit code.

    Raises Rejected where it cannot begin, Fatal where something does not go on.
    """
    # It is a deployment of its own: what the shell says of another one is not for it.
    for name in [name for name in os.environ if name.startswith("QUAYSIDE_")]:
        del os.environ[name]
    story = read_story()
    due = sorted([*pushes(story), *told(story)], key=lambda push: (push.at, push.id))
    if without is not None and without not in {push.id for push in due}:
        raise Rejected(f"the day has no push {without!r}; its pushes are named NUMBER#1, NUMBER#2, …", code="no_push")
    deployment = Deployment.lay_out(folder, story, language)
    screen = Screen(Console(), story)
    with _broker(screen, deployment) as (bootstrap, took):
        day = Day(screen, deployment, [push for push in due if push.id != without], bootstrap, check=check)
        try:
            code = asyncio.run(_until_asked(day, min(max(LEAST_LEAD_SECONDS, took * LEAD), LONGEST_LEAD_SECONDS)))
        except Fatal as error:
            reason = f"{error.reason}; what the processes said stands in {deployment.log}"
            raise Fatal(reason, code="demo_failed") from error
    if not check:
        screen.say("Everything has ended.")
    return code


@contextmanager
def _broker(screen: Screen, deployment: Deployment) -> Iterator[tuple[str, float]]:
    """Start Kafka; give its address, and how many seconds that took, the download of a first run aside."""
    java_command()
    began = time.monotonic()
    with ExitStack() as stack:
        with screen.step("Kafka starts", "Kafka is up"):
            broker = stack.enter_context(broker_in(deployment.folder / "broker"))
        yield broker.bootstrap, time.monotonic() - began


async def _until_asked(day: "Day", lead: float) -> int:
    """Run the day; on SIGINT or SIGTERM everything ends cleanly, with 0 where there was nothing left to do."""
    running = asyncio.create_task(day.run(lead))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    try:
        return await running
    except asyncio.CancelledError:
        return 0 if day.is_over else INTERRUPTED


class Day:
    """One playing of the day on a broker that is up."""

    def __init__(
        self, screen: Screen, deployment: Deployment, due: Sequence[Push], bootstrap: str, *, check: bool
    ) -> None:
        """Take what is played, where, and whether it is judged."""
        self._screen = screen
        self._deployment = deployment
        self._due = due
        self._bootstrap = bootstrap
        self._check = check
        self._sent = 0
        self._killed = False
        self.is_over = False

    @property
    def _story(self) -> Story:
        return self._deployment.story

    async def run(self, lead: float) -> int:
        """Play it and show what came of it; the exit code."""
        with self._deployment.log.open("a", encoding="utf-8") as log:
            self._tell = prefixed(["ingress", "poll", "worker", "dispatch", "desk", "portal"], log)
            clock = day_clock(self._story, lead, time.time())
            senders = Senders(
                self._deployment, clock, lambda words: self._screen.clock_line(clock, "[cyan]tracker[/cyan]", words)
            )
            receivers = [[ticket_desk(self._deployment, self._tell), portal(self._deployment, self._tell)]]
            async with (
                httpx.AsyncClient(timeout=5.0, trust_env=False) as client,
                kept(receivers, self._tell) as desk,
                senders.listening(),
            ):
                outside = Outside(
                    TicketDesk(client, self._deployment.url("desk")),
                    Portal(client, self._deployment.url("portal")),
                    senders.asked,
                )
                settings = self._deployment.configure(self._bootstrap, clock)
                result = await self._day(settings, clock, senders, outside, desk)
                self._screen.outcome(result)
                if self._check:
                    return self._judge(result)
                senders.clock = ordinary_clock(result.stood_still_at, time.time())
                await self._stay_up(senders.clock, desk)
        return 0

    async def _day(
        self, settings: Settings, clock: WallClock, senders: Senders, outside: Outside, desk: Kept
    ) -> Result:
        roles = Roles(self._deployment, settings, self._tell)
        with self._screen.step("Topics are made", "Topics are made"):
            await create_topics(settings.kafka)
        async with kept(roles.working, self._tell) as working:
            async with kept(roles.incoming, self._tell) as incoming:
                with self._screen.step(
                    "Ingress, poll, worker, dispatch, a ticket desk and a portal start", "All roles are up"
                ):
                    await while_kept(roles.ready(), incoming, working, desk)
                await while_kept(self._play(roles, clock, senders, outside.desk), incoming, working, desk)
            # Nothing comes in any more, not even time: what is left to do does not grow.
            stood_still_at = clock.now()
            with self._screen.step("What is left of the day is worked off", "The day is over"):
                await while_kept(until_quiet(settings, outside), working, desk)
            outcome, snapshots = await look(settings.kafka, outside.desk)
            answers = {number: tuple(each) for number, each in senders.monitoring.answers.items()}
            return Result(
                outcome=outcome,
                snapshots=snapshots,
                records=await outside.desk.records(),
                registered=of_ledger(await ledger_of(settings, TRACKER), answers, senders.monitoring.again),
                told=of_messages(await outside.portal.messages()),
                subscriber=next(account for account in settings.targets if account.name == SUBSCRIBER),
                kept=senders.monitoring.kept,
                sent=self._sent,
                worker_was_killed=self._killed,
                stood_still_at=stood_still_at,
            )

    async def _play(self, roles: Roles, clock: WallClock, senders: Senders, tickets: TicketDesk) -> None:
        story = self._story
        self._screen.say(
            f"\nA machine-parts maker's [bold]{story.day:%A, %d %B %Y}[/bold], forty minutes each second: "
            f"{len(story.orders)} orders, {len(story.goods_issues)} goods issues, {len(self._due)} pushes."
        )
        with self._screen.day(clock) as bar:
            async with asyncio.TaskGroup() as group:
                delivering = group.create_task(deliver(senders.outbox, self._count))
                playing = group.create_task(play(self._due, clock, senders.send))
                if self._check:
                    group.create_task(self._kill(roles, clock))
                ends = story.at(story.ends) + OVER
                give_up = ends + clock.speed * timedelta(seconds=PATIENCE_SECONDS)
                while not playing.done() or clock.now() < (ends if self._sent == len(self._due) else give_up):
                    bar.show(await tickets.records(), self._sent, len(self._due))
                    await asyncio.sleep(SHOW_EVERY_SECONDS)
                delivering.cancel()

    def _count(self, _push: Push) -> None:
        self._sent += 1

    async def _kill(self, roles: Roles, clock: WallClock) -> None:
        """Kill the worker, which is started again; the broker misses it only after its session's timeout."""
        await until(clock, self._story.at(self._story.worker_dies))
        roles.worker.kill()
        self._killed = True
        self._screen.clock_line(clock, "[red]kill -9[/red]", "The worker is killed; another one takes its work over.")

    def _judge(self, result: Result) -> int:
        """Say every difference from the reviewed outcome, and print the summary as one JSON line; the exit code."""
        verdict = judge(read_expected(self._story), result, len(erp_lines(self._story)))
        for sentence in verdict.wrong:
            self._screen.say(f"[red]✗[/red] {sentence}")
        if not verdict.wrong:
            self._screen.say("\n[green]✓[/green] The day gave exactly what it must (desk/demo/day/expected.yaml).")
        summary = verdict.summary | {"seconds": round(self._screen.seconds, 1)}
        print(json.dumps(summary), flush=True)  # noqa: T201 - the machine-readable last line
        return 1 if verdict.wrong else 0

    async def _stay_up(self, clock: WallClock, desk: Kept) -> None:
        """Start the roles again on an ordinary clock, and let people look around until they have seen enough."""
        roles = Roles(self._deployment, self._deployment.configure(self._bootstrap, clock), self._tell)
        async with kept(roles.groups, self._tell) as running:
            with self._screen.step("Back to an ordinary clock", "The clock runs as yours does"):
                await while_kept(roles.ready(), running, desk)
            self._screen.next_steps(self._deployment)
            self.is_over = True
            await while_kept(asyncio.Event().wait(), running, desk)
