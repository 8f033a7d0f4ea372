"""`quayside import`: files are shown, refused whole, or sent, and the sample in the documentation is one of them."""

import asyncio
import json
import os
import sys
from pathlib import Path
from secrets import token_hex

import pytest
import yaml

from connectors.kafka import create_topics
from connectors.scanning import places, reading, scan
from contracts.settings import KafkaSettings, Settings
from contracts.topics import INBOUND
from desk import cli
from desk.broker import Broker
from desk.importing import read_files
from mappings.erp.table_fields import KINDS

SAMPLES = Path(__file__).parents[2] / "docs" / "how-to" / "samples"
PAGE = SAMPLES.parent / "import-files.md"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["quayside", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "quayside.yaml"
    path.write_text((SAMPLES / "orders.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    return path


def test_a_dry_run_shows_what_would_be_taken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], config: Path
) -> None:
    assert run(monkeypatch, "import", "works", SAMPLES / "orders.csv", "--dry-run", "--config", config) == 0
    told = capsys.readouterr()
    rows = [line.split() for line in told.out.splitlines()]
    assert ["order", "SO-1001", "2", "confirmed"] in rows
    assert ["order", "SO-1003", "withdrawn"] in rows
    assert "orders.csv: 3 order\nNothing is wrong; nothing was sent.\n" in told.out


def test_of_several_files_none_is_sent_where_one_is_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], config: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.csv"
    text = (SAMPLES / "orders.csv").read_text(encoding="utf-8")
    wrong.write_text(text.replace("87,25", "87.25").replace("12.03.2026", "2026-03-12"), encoding="utf-8")
    assert run(monkeypatch, "import", "works", SAMPLES / "orders.csv", wrong, "--config", config) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"{wrong}: row 3, column `Menge`: found '87.25'; expected a number such as 1234,5",
        f"{wrong}: row 4, column `Liefertermin`: found '2026-03-12'; expected a date written as %d.%m.%Y",
        "Nothing was sent.",
    ]


def test_an_account_or_a_file_that_is_not_there_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], config: Path
) -> None:
    assert run(monkeypatch, "import", "erp", SAMPLES / "orders.csv", "--config", config) == 2
    assert "no account under `sources` is called 'erp'; there are: works" in capsys.readouterr().err
    assert run(monkeypatch, "import", "works", "none.csv", "--config", config) == 2
    assert "none.csv cannot be read: No such file or directory" in capsys.readouterr().err


def test_what_is_imported_is_durable_once_its_topic_is_there_and_imported_again_it_is_the_same(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], broker: Broker, tmp_path: Path
) -> None:
    written = yaml.safe_load((SAMPLES / "orders.yaml").read_text(encoding="utf-8"))
    kafka = KafkaSettings(bootstrap=broker.bootstrap, prefix=f"test-{token_hex(4)}", partitions=2)
    written["kafka"] = kafka.model_dump(mode="json", exclude_none=True)
    config = tmp_path / "quayside.yaml"
    config.write_text(yaml.safe_dump(written), encoding="utf-8")
    assert run(monkeypatch, "import", "works", SAMPLES / "orders.csv", "--config", config) == 2
    assert "inbound is missing: `quayside topics` makes it" in capsys.readouterr().err
    asyncio.run(create_topics(kafka))
    for _ in range(2):
        assert run(monkeypatch, "import", "works", SAMPLES / "orders.csv", "--config", config) == 0
        assert "Sent: 3 requests, all durable." in capsys.readouterr().out
    found = asyncio.run(inbound(kafka))
    told = [json.loads(value)["rows"][0]["cells"][0] for _, value in found]
    assert sorted(told) == ["SO-1001", "SO-1001", "SO-1002", "SO-1002", "SO-1003", "SO-1003"]
    assert len({key for key, _ in found}) == 3


async def inbound(kafka: KafkaSettings) -> list[tuple[bytes, bytes]]:
    async with reading(kafka) as consumer:
        return [(record.key or b"", record.value or b"") async for record in scan(consumer, places(kafka, INBOUND))]


def test_the_page_shows_the_sample_as_it_is() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name in ("orders.csv", "orders.yaml"):
        indented = "".join(f"    {line}\n" for line in (SAMPLES / name).read_text(encoding="utf-8").splitlines())
        assert indented in page, name


@pytest.mark.slow
def test_a_large_file_is_read_whole_in_bounded_time(tmp_path: Path) -> None:
    """Larger than any record: it becomes a request for each order."""
    settings = Settings.model_validate(yaml.safe_load((SAMPLES / "orders.yaml").read_text(encoding="utf-8")))
    header = (SAMPLES / "orders.csv").read_text(encoding="utf-8").splitlines()[0]
    rows = [f"SO-{row // 4};C;;DE;HH;{row % 4};A;;1,5;Stk;frei;06.03.2026" for row in range(4000)]
    large = tmp_path / "large.csv"
    large.write_text("\n".join([header, *rows]), encoding="utf-8")
    os.utime(large, (0, 1_772_438_400))
    [file] = read_files(settings, "works", [large], "")
    assert file.judged.mistakes == ()
    assert (len(file.judged.requests), len(file.judged.events)) == (1000, 1000)
    [again] = read_files(settings, "works", [large], "")
    assert [one.id for one in again.judged.requests] == [one.id for one in file.judged.requests]


def test_the_page_lists_the_fields_that_there_are() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for kind, fields in KINDS.items():
        of_document = ", ".join(f"`{name}`" for name, one in fields.items() if not one.of_line)
        of_line = ", ".join(f"`{name}`" for name, one in fields.items() if one.of_line)
        assert f"| `{kind}` | {of_document} | {of_line} |\n" in page, kind
