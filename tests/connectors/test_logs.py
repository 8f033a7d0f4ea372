"""Logs are in one form and tell no secret."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from connectors.logs import configure_logs


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_ours_and_the_libraries_are_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("json")
    structlog.get_logger("connectors.somewhere").info("stored", bytes=3)
    logging.getLogger("aiokafka").warning("lost %s", "a broker")
    logging.getLogger("aiokafka").info("chatter")
    ours, theirs = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (ours["event"], ours["bytes"], ours["level"], ours["logger"]) == (
        "stored",
        3,
        "info",
        "connectors.somewhere",
    )
    assert (theirs["event"], theirs["level"]) == ("lost a broker", "warning")


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_secret_path_is_masked_wherever_it_comes_from(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("json" if form == "json" else "console")
    path = "/in/kuaidi100/shop/s3cret-path"
    logging.getLogger("uvicorn.error").warning('"POST %s HTTP/1.1" 200', path)
    structlog.get_logger("connectors.x").warning("request", path=path)
    structlog.get_logger("connectors.x").error("failed", exc_info=RuntimeError(path))
    told = capsys.readouterr().err
    assert "s3cret" not in told
    assert told.count("/in/kuaidi100/shop/***") >= 3


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_shows_no_local_variables(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("json" if form == "json" else "console")

    def fails(body: str) -> float:
        return len(body) / 0

    try:
        fails("private " * 3)
    except ZeroDivisionError:
        structlog.get_logger("connectors.x").exception("failed")
    told = capsys.readouterr().err
    assert "ZeroDivisionError" in told
    assert "private private" not in told
