"""The reference page about pushes says what the code does."""

import inspect
import re
from pathlib import Path

from connectors.ingress import durable, intake, role
from connectors.operations import GRACE_SECONDS
from contracts.topics import BODY_LIMIT, HEADERS_LIMIT

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "push.md").read_text(encoding="utf-8")


def test_its_numbers_are_those_of_the_code() -> None:
    patience = inspect.signature(durable.Durable).parameters["patience"].default
    for said in (
        f"at most {BODY_LIMIT:,} bytes, within {intake.READ_SECONDS:g} s",
        f"(acks=all), within {patience:g} s",
        f"more than {HEADERS_LIMIT:,} bytes of headers",
        f"`Retry-After: {durable.RETRY_AFTER.total_seconds():g}`",
        f"more than {intake.REQUESTS} requests",
        f"more than {role.CONNECTIONS} connections",
        f"within {GRACE_SECONDS} s, and flushes",
    ):
        assert said in PAGE


def test_every_outcome_that_is_counted_is_explained() -> None:
    source = inspect.getsource(intake)
    counted = set(re.findall(r'return "(\w+)"', source)) | set(re.findall(r'labels\([^)]+, "(\w+)"\)', source))
    explained = re.findall(r"\| `(\w+)` \|", PAGE)
    assert len(counted) == 9
    assert set(explained) == counted
