"""What a source must do beside `SourceConformance` where its sender signs the bytes, or tells of parcels by codes.

`tests/mappings/*/NAME/codes.tsv` is the vendor's table of codes and what each was reviewed to mean.
"""

import csv
import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.connector import Mapped, Source
from contracts.errors import Rejected
from contracts.signature import Sent
from contracts.tracking import Scan, Tracking, TrackingStatus
from tests.connectors.source_conformance import (
    NEIGHBOURS,
    NEW,
    Json,
    Sender,
    SourceConformance,
    folder,
    recorded,
)


@dataclass(frozen=True)
class SigningCarrier(Sender):
    """A carrier that signs.

    forge: what carries another payload under the signature of the first. with_code: a payload whose only scan has that
    code. rows: a payload's list of scans.
    """

    forge: Callable[[Sent, bytes], Sent]
    with_code: Callable[[str], Json]
    rows: Callable[[Json], list[Json]]


def reviewed_codes(source: Source) -> list[dict[str, str]]:
    """Give the vendor's table of codes: each with its name there, and what it was reviewed to mean."""
    with (folder(source) / "codes.tsv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t"))


class CarrierConformance(SourceConformance):
    """The suite of a carrier that signs."""

    sender: ClassVar[SigningCarrier]

    def test_the_signature_is_over_the_very_bytes_not_over_what_they_mean(self) -> None:
        forged = self.sender.forge(self.sender.sign(b'{"a":1}', NEW), b'{"a": 1}')
        with pytest.raises(Rejected):
            self.source.verify(self.request(forged), (NEW,))

    @NEIGHBOURS
    @given(data=st.data())
    def test_a_tampered_request_is_refused(self, data: st.DataObject) -> None:
        sent = self.sender.sign(b'{"status":"polling"}', NEW)
        body = bytearray(sent.body)
        index = data.draw(st.integers(0, len(body) - 1))
        body[index] = data.draw(st.integers(0, 255).filter(lambda byte: byte != body[index]))
        tampered = self.request(sent._replace(body=bytes(body)))
        try:
            self.source.verify(tampered, (NEW,))
        except Rejected:
            return
        # A sender may write one value in several ways (`%7B` and `{`, `a` and `A` of a hash): then nothing was changed.
        assert self.source.read(tampered) == {"status": "polling"}

    def test_the_vendor_s_whole_table_is_there_and_nothing_else(self) -> None:
        assert self.source.codes == {row["code"]: row["status"] for row in reviewed_codes(self.source)}

    def test_every_code_of_the_table_means_what_was_reviewed(self) -> None:
        for row in reviewed_codes(self.source):
            mapped = self.map(self.sender.with_code(row["code"]))
            (scan,) = _scans(mapped)
            meant = (scan.status, scan.reason, scan.owner or "", mapped.unknown_codes)
            assert meant == (row["status"], row["reason"], row["owner"], ()), row

    def test_an_unlisted_code_is_unknown_and_told(self) -> None:
        mapped = self.map(self.sender.with_code("31337"))
        assert [scan.status for scan in _scans(mapped)] == [TrackingStatus.UNKNOWN]
        assert mapped.unknown_codes == ("31337",)

    def test_told_twice_or_shuffled_the_events_have_the_same_ids(self) -> None:
        chance = random.Random(20260310)
        for payload in recorded(self.source).values():
            ids = {scan.id for scan in _scans(self.map(payload))}
            for _ in range(5):
                other = deepcopy(payload)
                rows = self.sender.rows(other)
                rows += deepcopy(rows)
                chance.shuffle(rows)
                assert {scan.id for scan in _scans(self.map(other))} == ids

    def test_scans_have_positions_oldest_first_and_ids_of_their_own(self) -> None:
        for payload in recorded(self.source).values():
            scans = _scans(self.map(payload))
            assert sorted(scans, key=lambda scan: scan.position) == sorted(scans, key=lambda scan: scan.occurred.at)
            assert [scan.position for scan in scans[:1]] == [0] * len(scans[:1])
            assert len({scan.id for scan in scans}) == len(scans)


def _scans(mapped: Mapped) -> list[Scan]:
    return [scan for event in mapped.events if isinstance(event, Tracking) for scan in event.scans]
