"""Who may push: an account whose files are dropped into a folder is no open door beside it."""

import hmac
from pathlib import Path

import pytest

from connectors.ingress.accounts import open_doors
from connectors.registry import SOURCES
from contracts.settings import SecretFrom, SourceAccount, WatchedFolder
from tests.connectors.files.test_looking import OPTIONS


def dropped(**more: object) -> SourceAccount:
    folder = WatchedFolder(path=Path("in"))
    return SourceAccount(name="works", connector="table", options=OPTIONS, folder=folder).model_copy(update=more)


def test_nobody_can_push_to_an_account_with_a_folder_alone() -> None:
    assert open_doors([dropped()], SOURCES).find("table", "works", "") is None


def test_with_a_secret_path_it_is_pushed_to_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKS_TOKEN", "sesame")
    doors = open_doors([dropped(token=SecretFrom(env="WORKS_TOKEN"))], SOURCES)
    assert doors.find("table", "works", "") is None
    assert doors.find("table", "works", "sesame") is not None


def test_a_comparison_in_constant_time_alone_decides_about_a_secret_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another one ends at the first byte that differs, and so tells whoever measures it how far a guess was right."""
    monkeypatch.setenv("WORKS_TOKEN", "sesame")
    doors = open_doors([dropped(token=SecretFrom(env="WORKS_TOKEN"))], SOURCES)
    monkeypatch.setattr(hmac, "compare_digest", lambda _one, _other: False)
    assert doors.find("table", "works", "sesame") is None
    monkeypatch.setattr(hmac, "compare_digest", lambda _one, _other: True)
    assert doors.find("table", "works", "guessed") is not None
