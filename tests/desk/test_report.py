"""`quayside report`: rates as people read them, and as programs do."""

import sys
from io import StringIO

import pytest
from rich.console import Console

from desk import cli
from desk.report import as_object, table
from streams.measures.definitions import Rate
from streams.measures.report import By, Row

ROW = Row("2026-03", Rate(2, 3), Rate(5, 8), Rate(6, 8), Rate(0, 3), early=1)


def test_a_row_shows_each_rate_with_what_it_is_of() -> None:
    out = StringIO()
    Console(file=out, width=140).print(table([ROW, Row("2026-04", Rate(), Rate(), Rate(), Rate(), early=0)], By.MONTH))
    head, march, april = out.getvalue().splitlines()
    assert head.split()[0] == "month"
    assert "66.7 % (2/3)" in march
    assert "75.0 % (6/8)" in march
    assert april.split() == ["2026-04", "–", "–", "–", "–", "0"]


def test_a_program_gets_hits_and_totals() -> None:
    assert as_object(ROW) == {
        "name": "2026-03",
        "orders_otif": {"hits": 2, "total": 3},
        "lines_otif": {"hits": 5, "total": 8},
        "on_time": {"hits": 6, "total": 8},
        "failed": {"hits": 0, "total": 3},
        "early": 1,
    }


def test_a_month_that_is_none_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["quayside", "report", "deliveries", "--month", "2026-13"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == cli.MISTAKE
    assert capsys.readouterr().err == "quayside: --month: found '2026-13'; expected a month such as 2026-03\n"
