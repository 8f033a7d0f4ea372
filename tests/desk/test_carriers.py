"""`quayside report carriers`: as people read it, and as programs do."""

import sys
from io import StringIO

import pytest
from rich.console import Console

from contracts.policy import Policy
from desk import cli
from desk.carriers import as_objects, carrier_table, sentence
from streams.measures.carriers import scorecard
from streams.measures.proposals import proposals
from tests.streams.measures.test_carriers import leg

CARD = scorecard([leg(f"YT{count}", damaged=count < 10) for count in range(40)], Policy())
PROPOSED = proposals(CARD, Policy())


def test_each_part_has_a_line_with_its_rates() -> None:
    out = StringIO()
    Console(file=out, width=250).print(carrier_table(CARD))
    _, carrier, service, lane = out.getvalue().splitlines()
    assert carrier.split()[:3] == ["yto", "40", "30/30/30"]
    assert "25.0 % (10/40)" in carrier
    assert service.startswith("yto express ")
    assert lane.startswith("yto express CN-ZJ > DE-BY ")


def test_a_proposal_is_a_sentence_with_its_reasons() -> None:
    assert [sentence(one) for one in PROPOSED] == ["suspend yto: damaged 25.0 % of 40, limit 2 %"]


def test_a_program_gets_hits_totals_and_reasons() -> None:
    *rows, proposal = as_objects(CARD, PROPOSED)
    assert [row["lane"] for row in rows] == [None, None, ["CN-ZJ", "DE-BY"]]
    assert rows[0]["damaged"] == {"hits": 10, "total": 40}
    assert proposal == {
        "proposal": "suspend",
        "carrier": "yto",
        "service": None,
        "lane": None,
        "because": [{"measure": "damaged", "percent": "25.0", "total": 40, "limit": 2.0}],
    }


def test_a_day_that_is_none_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["quayside", "report", "carriers", "--since", "yesterday"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == cli.MISTAKE
    assert capsys.readouterr().err == "quayside: --since: found 'yesterday'; expected a day such as 2026-03-02\n"
