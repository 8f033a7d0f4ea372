"""17TRACK: the suite of every source, and what is its own."""

import pytest

from connectors.sources.seventeen_track import SEVENTEEN_TRACK
from contracts.errors import Rejected
from contracts.signature import Sent
from contracts.tracking import Coverage, Subscription
from mappings.carriers.seventeen_track_codes import CODES, STAGES
from tests.connectors.conformance.samples import reports
from tests.connectors.source_conformance import SourceConformance


class TestSeventeenTrack(SourceConformance):
    source = SEVENTEEN_TRACK


def test_the_signature_is_the_sha256_of_the_body_a_slash_and_the_key() -> None:
    # printf '{}/key' | sha256sum
    signature = "461a224c100d7b686157238995a9c7bd82a226ec5c8e51a4aa00518eb432f61f"
    SEVENTEEN_TRACK.verify(TestSeventeenTrack().request(Sent(b"{}", {"sign": signature})), ("key",))


def test_there_are_9_main_and_30_sub_states_one_of_which_is_both() -> None:
    main = {code for code in CODES if "_" not in code}
    sub = {code for code in CODES if "_" in code} | {"InfoReceived"}
    assert (len(main), len(sub)) == (9, 30)
    assert {code.partition("_")[0] for code in sub} == main


def test_every_milestone_is_one_of_the_sub_states() -> None:
    assert set(STAGES.values()) <= CODES.keys()


def test_a_stop_without_a_history_withdraws_nothing_and_gives_the_subscription_up() -> None:
    (report,) = reports(TestSeventeenTrack().map(b'{"event": "TRACKING_STOPPED", "data": {"number": "RB1"}}'))
    assert (report.coverage, report.scans, report.subscription) == (Coverage.INCREMENT, (), Subscription.ABORTED)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b'{"event": "TRACKING_STARTED", "data": {"number": "RB1"}}', "$.event"),
        (b'{"event": "TRACKING_UPDATED", "data": {"number": "RB1"}}', "$.data.track_info"),
        (b'{"event": "TRACKING_STOPPED", "data": {"number": " - "}}', "$.data.number"),
    ],
)
def test_what_is_wrong_is_told_with_its_path(body: bytes, path: str) -> None:
    with pytest.raises(Rejected) as told:
        TestSeventeenTrack().map(body)
    assert told.value.path == path
