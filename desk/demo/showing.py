"""What people see of the demo: its steps, the day as it passes, the tasks as they come, and where to look next."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text

from contracts.clock import WallClock
from contracts.moment import zone
from desk.demo.deployment import TRACKER, Deployment
from desk.demo.judging import Result
from desk.demo.story import Story
from desk.demo.tables import orders_table, tasks_table


class Screen:
    """Where the demo speaks. On a terminal the day has a bar; else its lines alone tell it."""

    def __init__(self, console: Console, story: Story) -> None:
        """Take the console, and the story whose clock is shown."""
        self.console = console
        self._story = story
        self._zone = zone(story.zone)
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """For how long the demo has run."""
        return time.monotonic() - self._began

    @contextmanager
    def step(self, doing: str, done: str) -> Iterator[None]:
        """Say what is being done, and then that it is done, and how long that took."""
        began = time.monotonic()
        if self.console.is_terminal:
            with self.console.status(doing):
                yield
        else:
            self.say(doing)
            yield
        self.say(f"[green]✓[/green] {done} [dim]({time.monotonic() - began:.1f} s)[/dim]")

    def say(self, sentence: str) -> None:
        """Say something, with rich's markup."""
        self.console.print(sentence, highlight=False, soft_wrap=True)

    def clock_line(self, clock: WallClock, mark: str, words: str) -> None:
        """Say what happens, with the day's time in front."""
        text = Text.assemble((f"  {self.local(clock.now()):%a %H:%M}  ", "dim"), Text.from_markup(mark), "  ", words)
        self.console.print(text, highlight=False, no_wrap=True, overflow="ellipsis")

    def local(self, at: datetime) -> datetime:
        """Give an instant in the zone of the story."""
        return at.astimezone(self._zone)

    @contextmanager
    def day(self, clock: WallClock) -> Iterator["DayBar"]:
        """Show the day as it passes."""
        progress = Progress(
            TextColumn("  [bold]{task.fields[time]}"),
            BarColumn(bar_width=30),
            TextColumn("{task.fields[counts]}"),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,
        )
        begins, ends = self._story.at(self._story.begins), self._story.at(self._story.ends)
        with progress:
            bar = progress.add_task("", total=(ends - begins).total_seconds(), time="", counts="")
            yield DayBar(self, progress, bar, clock, begins)

    def outcome(self, result: Result) -> None:
        """Show what came of the day."""
        self.console.print(orders_table(result.snapshots))
        self.console.print(tasks_table(result.records))
        registered, told = result.registered, result.told
        again = f", {' and '.join(sorted(registered.again))} again after it was given up" if registered.again else ""
        self.say("\n[bold]Registrations at Kuaidi100[/bold] (a stand-in of its service)")
        self.say(
            f"{registered.granted()} made{again}; {len(registered.open)} are open, {len(registered.ended)} have ended."
        )
        self.say("\n[bold]Told to the customers' portal[/bold] (signed messages by Standard Webhooks)")
        self.say(f"The statuses of {len(told.statuses)} orders, and {told.count()} steps.")

    def next_steps(self, deployment: Deployment) -> None:
        """Say where to look next."""
        show = _relative(deployment)
        config = f"--config {show}/quayside.yaml"
        parcel = self._story.afterwards.parcel
        lines = [
            ("The ticket desk: read the tasks, close one", deployment.url("desk")),
            ("How an order came to be what it is", f".venv/bin/quayside trace SO-2641 {config}"),
            ("What the customers' portal was told", f"curl {deployment.url('portal')}/webhooks"),
            ("Which parcels are registered", f".venv/bin/quayside ledger list --target {TRACKER} {config}"),
            ("What could not be read, and why", f".venv/bin/quayside dead-letters list {config}"),
            ("Metrics of ingress, and of the worker", f"{deployment.url('ingress')}/metrics"),
            ("", f"{deployment.url('worker')}/metrics"),
            ("What the processes say", f"tail -f {show}/demo.log"),
            (
                f"Let the silent parcel {parcel} turn up: its task closes",
                f"curl --data-binary @{show}/found.form {deployment.push_url}",
            ),
        ]
        self.say("\n[bold]Where to look next[/bold]")
        for what, where in lines:
            if what:
                self.say(f"  {what}")
            self.say(f"      [cyan]{where}[/cyan]")
        self.say("\nEverything stays up, and the clock now runs as yours does. [bold]Ctrl-C[/bold] ends it all.")


class DayBar:
    """The day's bar, and the tasks as they come."""

    def __init__(self, screen: Screen, progress: Progress, bar: Any, clock: WallClock, begins: datetime) -> None:  # noqa: ANN401 - rich's own id
        """Take where to show them; `Screen.day` does."""
        self._screen, self._progress, self._bar, self._clock, self._begins = screen, progress, bar, clock, begins
        self._seen: dict[str, bool] = {}

    def show(self, records: Sequence[dict[str, Any]], pushed: int, of: int) -> None:
        """Show how far the day is, and say which tasks have come or gone since the last time."""
        for record in records:
            known = self._seen.get(record["id"])
            if known is None:
                self._screen.clock_line(self._clock, "[yellow]opened[/yellow]", record["fields"]["title"])
            if known is not False and not record["is_open"]:
                self._screen.clock_line(self._clock, "[green]closed[/green]", record["fields"]["title"])
            self._seen[record["id"]] = record["is_open"]
        now = self._clock.now()
        is_open = sum(self._seen.values())
        self._progress.update(
            self._bar,
            completed=max(0.0, (now - self._begins).total_seconds()),
            time=f"{self._screen.local(now):%a %H:%M}",
            counts=f"{pushed} of {of} pushes, {is_open} tasks open, {len(self._seen) - is_open} closed",
        )


def _relative(deployment: Deployment) -> str:
    here = Path.cwd()
    return str(deployment.folder.relative_to(here) if deployment.folder.is_relative_to(here) else deployment.folder)
