"""What is generated is committed, kept fresh, and never breaks a reader of the released schemas unnoticed."""

import json
from pathlib import Path

import pytest

from contracts.errors import Fatal, Rejected, Retryable
from contracts.settings import Settings
from contracts.topics import TOPICS
from desk.generate.__main__ import check
from desk.generate.docstrings import described, split
from desk.generate.files import RELEASED, SCHEMAS, broken, generated, release, stale, write
from desk.generate.limits import OLDER, THIS
from desk.generate.reference import commands_page

FILES = generated()
ORDER = SCHEMAS / "quayside.order.changed.v1.schema.json"


def test_the_committed_schemas_are_fresh() -> None:
    # The pages are as well: `make lint` says so, which is run where nobody is in the middle of a change.
    assert [path for path in stale(FILES) if path.parent == SCHEMAS] == []


def test_nothing_breaks_a_reader_of_the_released_schemas() -> None:
    assert broken(FILES) == []


@pytest.mark.slow
def test_what_is_generated_twice_is_the_same() -> None:
    assert generated() == FILES


def test_a_file_that_is_missing_changed_or_left_over_is_stale_until_it_is_written(tmp_path: Path) -> None:
    assert set(stale(FILES, tmp_path)) == set(FILES)
    write(FILES, tmp_path)
    (tmp_path / ORDER).write_text("{}", encoding="utf-8")
    left_over = SCHEMAS / "quayside.gone.v1.schema.json"
    (tmp_path / left_over).write_text("{}", encoding="utf-8")
    assert stale(FILES, tmp_path) == sorted([ORDER, left_over])
    assert write(FILES, tmp_path) == sorted([ORDER, left_over])
    assert stale(FILES, tmp_path) == []


def test_a_change_since_the_release_that_breaks_a_reader_is_told_by_type_and_path(tmp_path: Path) -> None:
    release(FILES, tmp_path)
    assert broken(FILES, tmp_path) == []
    schema = json.loads(FILES[ORDER])
    del schema["properties"]["reference"]
    schema["required"].append("lines")
    gone = SCHEMAS / "quayside.snapshot.v1.schema.json"
    changed = {path: content for path, content in FILES.items() if path != gone} | {ORDER: json.dumps(schema)}
    assert sorted(broken(changed, tmp_path)) == [
        "quayside.order.changed.v1: $.lines: could be left out and is now required; it breaks " + THIS,
        "quayside.order.changed.v1: $.reference: the field was removed; it breaks " + OLDER,
        "quayside.snapshot.v1: was removed; it breaks whoever reads it",
    ]


def test_a_release_replaces_the_one_before(tmp_path: Path) -> None:
    release(FILES, tmp_path)
    release({ORDER: FILES[ORDER]}, tmp_path)
    assert [path.name for path in (tmp_path / RELEASED).iterdir()] == [ORDER.name]


@pytest.mark.parametrize("wrong", [{}, {ORDER: "{}"}])
def test_a_check_fails_on_what_is_stale_or_breaks(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, wrong: dict[Path, str]
) -> None:
    write(FILES, tmp_path)
    release(FILES, tmp_path)
    assert check(FILES | wrong, tmp_path) == (1 if wrong else 0)
    said = capsys.readouterr().out
    assert (f"{ORDER}: is stale" in said) == bool(wrong)
    assert ("quayside.order.changed.v1: $" in said) == bool(wrong)


def test_the_pages_name_every_setting_topic_and_error() -> None:
    pages = {path.stem: content for path, content in FILES.items() if path.suffix == ".md"}
    assert all(f"`quayside.{topic.name}`" in pages["topics"] for topic in TOPICS)
    assert all(f"| `{name}` |" in pages["settings"] for name in Settings.model_fields)
    assert "`kafka`" in pages["settings"]
    assert all(f"`{error.__name__}`" in pages["errors"] for error in (Rejected, Retryable, Fatal))
    assert "`quayside_inbound_total`" in pages["metrics"]
    assert "`bad_tick`" in pages["errors"]
    assert "## `quayside check`" in pages["commands"]


def test_the_page_of_commands_says_which_of_them_end_with_a_log_and_another_code() -> None:
    told = commands_page().split("\n## ", 1)[0]
    assert "is one sentence on standard error and exit code 2." in told
    assert "A role (`ingress`, `poll`, `worker`, `dispatch`) is the exception" in told
    assert "ends with exit code 1" in told


def test_every_setting_of_the_file_and_the_broker_is_described() -> None:
    for model in (Settings, type(Settings().kafka), type(Settings().clock)):
        assert set(described(model).fields) == set(model.model_fields)


def test_a_docstring_is_split_at_the_names_it_describes() -> None:
    text = """A poll, whole: not a part.

    every: how often; on the clock. zone: where.

    More of it.
    """
    found = split(text, ["every", "zone"])
    assert found.about == "A poll, whole: not a part. More of it."
    assert found.fields == {"every": "how often; on the clock.", "zone": "where."}
