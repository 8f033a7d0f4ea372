"""What payloads mean: reviewed fixtures, the vendor's whole table of codes, times, parcels, and what is told twice."""

import random
import time
from copy import deepcopy
from datetime import timedelta

import pytest

from contracts.moment import Moment
from contracts.tracking import Scan, TrackingStatus
from tests.connectors.conformance.declaration import FILE, TABLE, Clause, Shown, read_codes
from tests.connectors.conformance.samples import at, folder_of, lines, reports, reviewed_of, scans
from tests.connectors.conformance.suite import Suite

A_REASON = 20
"""How long a sentence that says why is at least."""
TWO_HALVES = 2
"""Daylight saving is shown by a time in summer and one in winter."""


class MeaningConformance(Suite):
    """Canonical events."""

    def test_each_fixture_says_what_was_reviewed(self) -> None:
        reviewed = reviewed_of(self.source.name)
        assert reviewed.keys() == self.payloads.keys(), "each payload has its reviewed events beside it, and no other"
        for name, payload in self.payloads.items():
            assert "".join(lines(self.map(payload))) == reviewed[name], name

    def test_what_is_not_applicable_says_why(self) -> None:
        for clause, reason in self.declared.not_applicable.items():
            assert len(reason) >= A_REASON, f"{FILE}: [not_applicable] {clause}: say why, and by which page"

    @pytest.mark.parametrize("machine", ["UTC", "America/New_York", "Asia/Kathmandu"])
    def test_the_machine_s_own_zone_changes_nothing(self, machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
        before = [self.map(payload) for payload in self.payloads.values()]
        with monkeypatch.context() as patched:
            patched.setenv("TZ", machine)
            time.tzset()
            after = [self.map(payload) for payload in self.payloads.values()]
        time.tzset()
        assert after == before

    def test_told_again_later_it_is_the_same(self) -> None:
        for name, payload in self.payloads.items():
            later = self.source.to_events(self.read(payload), self.context(later=timedelta(hours=1)))
            assert _ids(scans(later)) == _ids(scans(self.map(payload))), name

    # codes

    def test_the_vendor_s_whole_table_is_there_and_nothing_else(self) -> None:
        if not self._shown("codes", self.declared.codes is not None, f"[codes] and {TABLE}"):
            assert not self.source.codes, "the record has codes, and the file says that there are none"
            return
        table, counted = read_codes(folder_of(self.source.name)), self.declared.codes
        assert counted is not None
        assert len(table) == counted.rows, f"{TABLE} has {len(table)} rows, and the vendor's table {counted.rows}"
        assert self.source.codes == {row["code"]: row["status"] for row in table}
        for row in table:
            meant = row["status"] != TrackingStatus.UNKNOWN or row.get("why")
            assert meant, f"{TABLE}: {row['code']} is unknown on purpose: say why, in a column `why`"

    def test_every_code_of_the_table_means_what_was_reviewed(self) -> None:
        if not self.declared.applies("codes"):
            return
        for row in read_codes(folder_of(self.source.name)):
            mapped = self.map(self._with(row["code"], row.get("payload") or ""))
            scan = _newest(scans(mapped))
            meant = (scan.status, scan.reason, scan.owner or "", mapped.unknown_codes)
            assert meant == (row["status"], row["reason"] or "", row["owner"] or "", ()), row
            for column in ("action_required", "returning"):
                if column in row:
                    assert getattr(scan, column) == (row[column] == "yes"), row

    def test_an_unlisted_code_is_unknown_or_its_group_s_and_is_told(self) -> None:
        declared = self.declared.codes
        if not self._shown("unlisted_codes", declared is not None, "[codes]") or declared is None:
            return
        for unlisted in declared.unlisted:
            mapped = self.map(self._with(unlisted.code, ""))
            assert _newest(scans(mapped)).status is unlisted.status, unlisted
            assert mapped.unknown_codes == (unlisted.told or (unlisted.code,)), unlisted

    # scans

    def test_doubled_or_shuffled_the_scans_are_the_same(self) -> None:
        if not self._shown("rows", bool(self.declared.rows), "rows"):
            return
        chance, several = random.Random(20260310), 0
        for name, payload in self.payloads.items():
            value = self.read(payload)
            same = _ids(scans(self.map(payload)))
            for path in self.declared.rows:
                several += sum(len(found) > 1 for found in at(value, path))
            for _ in range(5):
                other = deepcopy(value)
                for rows in [rows for path in self.declared.rows for rows in at(other, path)]:
                    rows.extend(deepcopy(rows))
                    chance.shuffle(rows)
                assert _ids(scans(self.source.to_events(other, self.context()))) == same, name
        assert several, "no fixture has several rows at one of the paths in `rows`"

    def test_scans_have_positions_oldest_first_and_ids_of_their_own(self) -> None:
        for payload in self.payloads.values():
            for report in reports(self.map(payload)):
                placed = sorted(report.scans, key=lambda scan: scan.position)
                assert placed == sorted(report.scans, key=lambda scan: scan.occurred.at)
                assert len({scan.id for scan in report.scans}) == len(report.scans)

    def test_several_parcels_in_one_push_are_all_told(self) -> None:
        declared = self.declared.parcels
        if not self._shown("parcels", declared is not None, "[parcels]") or declared is None:
            return
        told = reports(self.map(self.payloads[declared.fixture]))
        assert sorted({report.number for report in told}) == sorted(declared.numbers)

    # times

    @pytest.mark.parametrize("shows", ["instant", "local", "daylight_saving", "date"])
    def test_a_time_is_as_precise_as_it_was_told_and_in_its_zone(self, shows: Shown) -> None:
        times = [one for one in self.declared.times if one.shows == shows]
        if not self._shown(shows, bool(times), f'[[times]] with shows = "{shows}"'):
            return
        assert shows != "daylight_saving" or len(times) >= TWO_HALVES, "show a time in summer and one in winter"
        for one in times:
            mapped = self.map(self.declared.payload(one.payload, code=self._any_code(), time=one.written), one.zone)
            moment = reports(mapped)[0].eta if one.of == "eta" else _newest(scans(mapped)).occurred
            assert moment == Moment(at=one.at, precision=one.precision, zone_source=one.zone_source), one.written

    def _with(self, code: str, payload: str) -> bytes:
        times = [one.written for one in self.declared.times if one.of == "scan"]
        return self.declared.payload(payload, code=code, time=times[0] if times else "")

    def _any_code(self) -> str:
        return next(iter(self.source.codes), "")

    def _shown(self, clause: Clause, is_there: bool, where: str) -> bool:  # noqa: FBT001 - it is asked for by name
        """Tell whether a clause is shown; it is either shown or declared not applicable, never neither or both."""
        applies = self.declared.applies(clause)
        assert applies or not is_there or clause == "unlisted_codes", f"{FILE}: {where} is there and not applicable"
        assert not applies or is_there, f"{FILE}: {where} is missing; or say in [not_applicable] why {clause} is none"
        return applies


def _newest(found: list[Scan]) -> Scan:
    assert found, "the payload in [payloads] has no scan"
    return max(found, key=lambda scan: scan.position)


def _ids(found: list[Scan]) -> set[str]:
    return {scan.id for scan in found}
