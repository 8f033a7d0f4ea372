"""A lane's history: completed legs in windows of 30 days, the last six of them.

A window that is older than half a year is forgotten, and an answer takes no more windows than it needs, the newest
first: so a carrier that got better is seen within a window or two where it carries much, and where it carries little
there is still enough to go by. Whether a leg was told before is known for the last thousand.
"""

from datetime import datetime, timedelta

import msgspec

from contracts.clock import BEFORE_TIME
from contracts.lane import Basis, Leg, TransitEstimate, TransitTime
from streams.lanes.sketch import Durations, quantiles

WINDOW = timedelta(days=30)
WINDOWS = 6
REMEMBERED = 1000
"""Legs that are known by their id: more than one chunk of events, which is what is told again after a crash."""


class LaneWindow(msgspec.Struct, frozen=True, array_like=True):
    """The legs that ended in one window: how many, how long they took, and their longest silences."""

    legs: int = 0
    transit: Durations = Durations()
    silence: Durations = Durations()


class LaneHistory(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of a lane. windows: by number since 1970; told: the last legs' ids; newest: when the last ended."""

    windows: dict[int, LaneWindow] = {}
    told: tuple[bytes, ...] = ()
    newest: datetime = BEFORE_TIME


def window_of(at: datetime) -> int:
    """Number the window in which an instant lies."""
    return (at - BEFORE_TIME) // WINDOW


def with_leg(known: LaneHistory, leg: Leg) -> LaneHistory:
    """Fold a completed leg; one that was told before, or ended too long ago, changes nothing."""
    leg_id, place = bytes.fromhex(leg.id), window_of(leg.ended_at)
    newest = max(known.newest, leg.ended_at)
    first = window_of(newest) - WINDOWS + 1
    if leg_id in known.told or place < first:
        return known
    window = known.windows.get(place, LaneWindow())
    windows = {**known.windows, place: _with(window, leg)}
    return LaneHistory(
        windows={number: kept for number, kept in sorted(windows.items()) if number >= first},
        told=(*known.told, leg_id)[-REMEMBERED:],
        newest=newest,
    )


def _with(window: LaneWindow, leg: Leg) -> LaneWindow:
    hours, silence = leg.transit_hours, leg.silence_hours
    return LaneWindow(
        legs=window.legs + 1,
        transit=window.transit if hours is None else window.transit.with_one(hours),
        silence=window.silence if silence is None else window.silence.with_one(silence),
    )


def answer(known: LaneHistory, asked_at: datetime, enough: int) -> TransitEstimate:
    """Say how long parcels take that leave at `asked_at`, from the newest windows that hold `enough` deliveries."""
    last = max(window_of(asked_at), window_of(known.newest))
    used: list[LaneWindow] = []
    sample = 0
    for number in sorted(known.windows, reverse=True):
        if sample >= enough or number <= last - WINDOWS:
            break
        used.append(known.windows[number])
        sample += used[-1].transit.count
    if sample < enough:
        return TransitEstimate(rests_on=Basis.POLICY, sample=sample)
    p50, p80, p95 = quantiles([window.transit for window in used], (0.5, 0.8, 0.95))
    silences = [window.silence for window in used]
    is_told = sum(silence.count for silence in silences) >= enough
    return TransitEstimate(
        rests_on=Basis.HISTORY,
        sample=sample,
        transit=TransitTime(p50=p50, p80=p80, p95=p95),
        silence_hours=quantiles(silences, (0.99,))[0] if is_told else None,
        as_of=known.newest,
    )
