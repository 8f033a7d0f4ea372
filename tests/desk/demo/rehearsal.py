"""The sample day without a broker: its inputs through the connectors' mappings and all stages, and a desk in memory."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta

import yaml

from connectors.pollers.sample_file import SAMPLE_FILE, Line
from connectors.registry import SOURCES, TRACKERS
from contracts.errors import Rejected
from contracts.events import TYPE_OF
from contracts.model import read
from contracts.policy import Policy, TrackerRule
from contracts.raw import RawRequest
from contracts.snapshot import Snapshot, task_key
from desk.demo.deployment import ACCOUNT
from desk.demo.erp import erp_file
from desk.demo.outcome import Outcome, TaskName, TaskRecord, of_snapshots, task_name
from desk.demo.pushes import Push, pushes, told
from desk.demo.story import DAY, Story
from streams.simulation import Change, Heard, Simulation
from streams.stages.normalise import Connectors

SECRET = "only-for-this-rehearsal"
_AGAIN_AFTER = TRACKERS["kuaidi100"].again_after
MAPPINGS = Connectors(sources=SOURCES, pollers={SAMPLE_FILE.name: SAMPLE_FILE})


@dataclass
class Rehearsed:
    """What came of it. registrations: each number that was wanted at the tracker, and whether it still is.

    again: the numbers that were to be registered again.
    """

    outcome: Outcome
    registrations: dict[str, bool] = field(default_factory=dict)
    again: set[str] = field(default_factory=set)


def rehearse(
    story: Story,
    *,
    without: str = "",
    delay: timedelta = timedelta(0),
    until: timedelta = timedelta(0),
    shuffled: Sequence[Push] | None = None,
) -> Rehearsed:
    """Play the day, with each push when it is due, whether or not anybody asked for it.

    without: the id of a push that is left out; delay: of every push; until: how far past the end.
    """
    pushed = shuffled if shuffled is not None else [push for push in pushes(story) if push.id != without]
    everything = [*pushed, *(push for push in told(story) if push.id != without)]
    requests = [*_readings(story), *(_request(replace(push, at=push.at + delay)) for push in everything)]
    heard, letters = _mapped(requests)
    simulation = Simulation(heard, _policy(story))
    desk = _Desk()
    for found in simulation.run(until=story.at(story.ends) + until):
        if isinstance(found, Change):
            desk.follow(found.snapshot)
        else:
            letters += 1
    orders, findings = of_snapshots(simulation.final())
    outcome = Outcome(orders, findings, {name: tuple(records) for name, records in desk.tasks.items()}, letters)
    return Rehearsed(outcome, desk.registrations, desk.again)


def _policy(story: Story) -> Policy:
    policy = Policy.model_validate(yaml.safe_load((DAY / "policy.yaml").read_text("utf-8")))
    carriers = tuple(carrier.name for carrier in story.carriers.values() if carrier.told_by == "kuaidi100")
    tracker = TrackerRule(name="registrations", carriers=carriers, asks=False, again_after=_AGAIN_AFTER)
    return policy.model_copy(update={"trackers": (tracker,)})


class _Desk:
    """What a target would hold: a record a task and episode, updated in place, closed when no longer wanted."""

    def __init__(self) -> None:
        self.tasks: dict[TaskName, list[TaskRecord]] = {}
        self._wanted: dict[tuple[str, str], set[TaskName]] = {}
        self._registered: dict[tuple[str, str], set[str]] = {}
        self._ever: set[str] = set()
        self.again: set[str] = set()

    @property
    def registrations(self) -> dict[str, bool]:
        wanted = set().union(*self._registered.values())
        return {number: number in wanted for number in self._ever}

    def follow(self, snapshot: Snapshot) -> None:
        place = (snapshot.scope, snapshot.subject)
        wanted: set[TaskName] = set()
        for task in snapshot.wanted.tasks:
            name = task_name(task_key(snapshot.account, snapshot.scope, snapshot.subject, task))
            wanted.add(name)
            records = self.tasks.setdefault(name, [])
            record = TaskRecord(is_open=True, role=task.role, since=task.since)
            if records and records[-1].is_open:
                records[-1] = record
            else:
                records.append(record)
        for name in self._wanted.get(place, set()) - wanted:
            self.tasks[name][-1] = replace(self.tasks[name][-1], is_open=False)
        self._wanted[place] = wanted
        self._registered[place] = {one.number for one in snapshot.wanted.subscriptions}
        self._ever |= self._registered[place]
        self.again |= {one.number for one in snapshot.wanted.subscriptions if one.again is not None}


def _readings(story: Story) -> Iterable[RawRequest]:
    for text in erp_file(story).splitlines():
        reading = read(Line, text).reading()
        yield RawRequest(SAMPLE_FILE.name, "erp", reading.body, reading.read_at, "application/json")


def _request(push: Push) -> RawRequest:
    sent, at = push.signed(SECRET), push.at.astimezone(UTC)
    request = RawRequest(push.by, ACCOUNT[push.by], sent.body, at, sent.content_type, headers=sent.headers)
    SOURCES[push.by].verify(request, [SECRET])
    return replace(request, headers={})


def _mapped(requests: Iterable[RawRequest]) -> tuple[list[Heard], int]:
    """Map each request as normalise does; give the events, and how many requests no mapping understands."""
    heard, refused = list[Heard](), 0
    for request in requests:
        try:
            events = MAPPINGS.map(request).events
        except Rejected:
            refused += 1
            continue
        for event in events:
            body = {"type": TYPE_OF[type(event)], "data": json.loads(event.encode())}
            heard.append(Heard(request.received_at, request.account, json.dumps(body).encode()))
    return heard, refused
