"""How far a connector is proven follows from what stands in the checkout, and from nothing else."""

from pathlib import Path

import pytest

from contracts.errors import Fatal
from desk.generate.connectors import connectors_page
from desk.generate.evidence import evidence
from desk.maturity import Evidence, Maturity, read_evidence, records, write_evidence

FOUND = {(one.kind, one.name): one for one in evidence()}
SUITE = """
from connectors.sources.kuaidi100 import KUAIDI100
from tests.connectors.source_conformance import SourceConformance

class TestIt(SourceConformance):
    source = {record}
"""


def checkout(root: Path, suite: str = SUITE.format(record="KUAIDI100"), folder: str = "tests/connectors") -> Evidence:
    """What a checkout with this one test, and two fixtures of which one was reviewed, shows of Kuaidi100."""
    fixtures = root / "tests" / "mappings" / "carriers" / "kuaidi100"
    fixtures.mkdir(parents=True, exist_ok=True)
    for name in ("a.json", "a.jsonl", "b.json"):
        (fixtures / name).touch()
    (root / folder).mkdir(parents=True, exist_ok=True)
    (root / folder / "test_it.py").write_text(suite, encoding="utf-8")
    return next(one for one in evidence(root) if (one.kind, one.name) == ("source", "kuaidi100"))


def test_there_is_evidence_of_every_connector() -> None:
    assert list(FOUND) == [(kind, name) for kind, name, _ in records()]


def test_a_connector_without_a_suite_is_unproven(tmp_path: Path) -> None:
    assert checkout(tmp_path, "").maturity is Maturity.UNPROVEN


def test_a_connector_whose_first_files_were_just_written_is_unproven(tmp_path: Path) -> None:
    """It has a suite, which fails: no fixture is there yet, and no page that one could follow."""
    checkout(tmp_path)
    (tmp_path / "tests/mappings/carriers/kuaidi100/a.jsonl").unlink()
    (bare,) = [one for one in evidence(tmp_path) if (one.kind, one.name) == ("source", "kuaidi100")]
    assert (bare.suite, bare.maturity) == ("tests/connectors/test_it.py", Maturity.UNPROVEN)
    for kind in ("poller", "target"):
        assert Evidence(kind=kind, name="acme", suite="test_acme.py", pages=False).maturity is Maturity.UNPROVEN
        assert Evidence(kind=kind, name="acme", suite="test_acme.py").maturity is Maturity.DOCUMENTED


def test_a_suite_on_fixtures_from_pages_is_documented_and_counts_reviewed_ones_alone(tmp_path: Path) -> None:
    found = checkout(tmp_path)
    assert (found.maturity, found.fixtures, found.suite) == (Maturity.DOCUMENTED, 1, "tests/connectors/test_it.py")


def test_a_recorded_payload_has_the_head_of_its_request_beside_it(tmp_path: Path) -> None:
    checkout(tmp_path)
    (tmp_path / "tests/mappings/carriers/kuaidi100/a.http").touch()
    assert checkout(tmp_path).maturity is Maturity.RECORDED


def test_a_suite_that_runs_on_the_system_itself_is_real(tmp_path: Path) -> None:
    assert checkout(tmp_path / "systems", folder="tests/systems").maturity is Maturity.REAL
    own = "from desk.receive.desk import Desk\n" + SUITE.format(record="KUAIDI100")
    found = checkout(tmp_path / "own", own)
    assert (found.maturity, found.real) == (Maturity.REAL, "the ticket desk itself")


def test_a_record_may_be_named_by_the_registry(tmp_path: Path) -> None:
    assert checkout(tmp_path, SUITE.format(record='SOURCES["kuaidi100"]')).maturity is Maturity.DOCUMENTED


def test_a_record_that_cannot_be_found_is_told(tmp_path: Path) -> None:
    with pytest.raises(Fatal, match=r"test_it\.py: make\(\) names no connector"):
        checkout(tmp_path, SUITE.format(record="make()"))


def test_what_a_suite_leaves_out_is_told_with_its_reason() -> None:
    assert FOUND["source", "kuaidi100"].left_out["parcels"] == "a push tells of one parcel (section 2.1)"
    assert "documented_failures" in FOUND["target", "ticket-desk"].left_out


def test_the_reference_systems_are_real_and_a_carrier_s_cloud_is_documented() -> None:
    for proven in (("poller", "tryton"), ("target", "request-tracker"), ("target", "ticket-desk")):
        assert FOUND[proven].maturity is Maturity.REAL, proven
    assert FOUND["source", "kuaidi100"].maturity is Maturity.DOCUMENTED


def test_what_is_installed_knows_it_too() -> None:
    assert read_evidence()["poller", "tryton"].maturity is Maturity.REAL
    assert write_evidence(read_evidence().values()).startswith("[")


def test_the_page_shows_every_connector_with_its_maturity_and_the_day_its_pages_were_read() -> None:
    page = connectors_page(FOUND)
    for kind, name, record in records():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{name}` | {record.title}"))
        assert f"`{FOUND[kind, name].maturity}`" in row
        assert record.read_on.isoformat() in row
