"""Deaf systems accuse nobody, and one clock serves all roles at any speed."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.clock import BEFORE_TIME, Clock, WallClock, poller_source
from contracts.settings import ClockSettings

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_what_rests_on_several_sources_waits_for_the_one_heard_least() -> None:
    clock = Clock(NOON, {"ingress": NOON, "poll/works": NOON - timedelta(hours=3)})
    assert clock.heard_all(["ingress", "poll/works"]) == NOON - timedelta(hours=3)


def test_what_rests_on_a_source_never_heard_is_not_judged() -> None:
    assert Clock(NOON, {"ingress": NOON}).heard_all(["ingress", poller_source("works")]) == BEFORE_TIME


def test_what_rests_on_nobody_is_judged_by_time_alone() -> None:
    assert Clock(NOON).heard_all([]) == NOON


@pytest.mark.parametrize("speed", [1.0, 600.0])
def test_a_faster_clock_shows_its_epoch_at_its_start_and_moves_by_its_speed(
    monkeypatch: pytest.MonkeyPatch, speed: float
) -> None:
    started = datetime(2026, 6, 1, tzinfo=UTC)
    clock = ClockSettings(epoch=NOON, started=started, speed=speed).clock()
    monkeypatch.setattr("time.time", started.timestamp)
    assert clock.now() == NOON
    monkeypatch.setattr("time.time", lambda: started.timestamp() + 10)
    assert clock.now() == NOON + timedelta(seconds=10 * speed)
    assert clock.shows(started + timedelta(seconds=10)) == clock.now()
    assert clock.real_seconds(timedelta(seconds=10 * speed)) == 10


def test_without_an_epoch_the_clock_shows_real_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", NOON.timestamp)
    assert ClockSettings().clock().now() == WallClock().now() == NOON


@pytest.mark.parametrize(
    "half", [{"epoch": NOON}, {"started": NOON}, {"speed": 600}, {"epoch": NOON, "started": NOON, "speed": 0}]
)
def test_a_clock_that_is_only_half_set_is_a_mistake(half: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"go together|needs `epoch`|greater than 0"):
        ClockSettings.model_validate(half)
