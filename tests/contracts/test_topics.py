"""The topics hang together: what is written is declared, time reaches whoever waits for it, sizes fit."""

import pytest

from contracts import topics
from contracts.events import EVENT_TYPES
from contracts.raw import RAW_TYPE
from contracts.ticks import TICK_TYPE
from contracts.topics import SNAPSHOTS, STAGES, TIME_GOES_TO, TOPICS, UPSTREAMS, Topic

EVENTS = [topic for topic in TOPICS if not topic.changelog]
CHANGELOGS = [topic for topic in TOPICS if topic.changelog]


def test_each_topic_is_declared_once() -> None:
    names = [topic.name for topic in TOPICS]
    assert len(names) == len(set(names))


def test_every_event_type_has_a_topic_and_no_topic_an_unknown_one() -> None:
    declared = {schema for topic in TOPICS for schema in topic.schemas}
    assert set(EVENT_TYPES) <= declared
    assert declared - set(EVENT_TYPES) == {RAW_TYPE, TICK_TYPE, "quayside.poll.mark.v1"}


@pytest.mark.parametrize("topic", CHANGELOGS, ids=lambda topic: topic.name)
def test_a_changelog_is_compacted_soon_and_not_before_a_late_writer_is_recognised(topic: Topic) -> None:
    settings = topic.configuration()
    assert settings["cleanup.policy"] == "compact"
    assert settings["segment.bytes"] == str(32 * 1024**2)
    assert settings["min.cleanable.dirty.ratio"] == "0.1"
    assert int(settings["min.compaction.lag.ms"]) == 3_600_000
    assert int(settings["max.compaction.lag.ms"]) > int(settings["min.compaction.lag.ms"])


def test_only_stages_with_state_have_a_changelog() -> None:
    assert {topic.owner for topic in CHANGELOGS} == set(STAGES) - {"normalise"}


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_compacted_topic_forgets_no_key_and_another_one_nothing_before_its_time(topic: Topic) -> None:
    settings = topic.configuration()
    if topic.compacted:
        assert settings["cleanup.policy"] == "compact"
        assert "retention.ms" not in settings
    else:
        assert settings["cleanup.policy"] == "delete"
        kept = 1 if topic is topics.HINTS else 30
        assert int(settings["retention.ms"]) >= kept * 24 * 3600 * 1000


def test_what_ingress_takes_fits_into_a_record_and_any_record_into_a_dead_letter() -> None:
    envelope = 4096
    assert topics.BODY_LIMIT + topics.HEADERS_LIMIT + envelope < topics.RECORD_LIMIT < topics.DEAD_LETTER_LIMIT
    assert topics.STATE_LIMIT < topics.RECORD_LIMIT
    assert topics.DEAD_LETTERS.configuration()["max.message.bytes"] == str(topics.DEAD_LETTER_LIMIT)


def test_time_flows_one_way_through_the_stages() -> None:
    for stage, upstreams in UPSTREAMS.items():
        before = {"inbound", *STAGES[: STAGES.index(stage)]}
        assert set(upstreams) <= before


def test_every_stage_is_told_the_time_by_each_that_it_waits_for() -> None:
    reads = {
        "documents": topics.DOCUMENTS,
        "resolve": topics.TRACKING,
        "cases": topics.CASES,
        "deliver": topics.DELIVERIES,
    }
    for stage, source in reads.items():
        assert {teller for teller, told in TIME_GOES_TO.items() if source in told} == set(UPSTREAMS[stage])


def test_time_is_declared_in_every_topic_that_carries_it() -> None:
    carrying = {topics.INBOUND.name} | {topic.name for told in TIME_GOES_TO.values() for topic in told}
    assert {topic.name for topic in TOPICS if TICK_TYPE in topic.schemas} == carrying
    assert SNAPSHOTS.name not in carrying
