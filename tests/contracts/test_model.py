"""A wrong value is told with its JSON path, what was found and what is expected; new fields are ignored."""

import pytest

from contracts.documents import GoodsIssue, Order
from contracts.errors import Rejected
from contracts.model import Contract, build, json_path, read
from contracts.tracking import Tracking

ORDER = b'{"account": "works", "document": "S-1", "version": "2026-01-01T00:00:00Z", "lines": [%s]}'
LINE = b'{"line": "1", "product": {"code": "P"}, "ordered": {"value": %s, "unit": "C62"}}'


@pytest.mark.parametrize(
    ("model", "data", "path", "sentence"),
    [
        (
            Order,
            ORDER % (LINE % b'"many"'),
            "$.lines[0].ordered.value",
            "found 'many'; expected a number",
        ),
        (
            Order,
            ORDER % (LINE % b"-1"),
            "$.lines[0].ordered.value",
            "found -1; expected at least 0",
        ),
        (Order, ORDER % b'{"line": "1"}', "$.lines[0].product", "found nothing; expected a value (and 1 more)"),
        (Order, ORDER % (b"%s,7" % (LINE % b"1")), "$.lines[1]", "found 7; expected an object"),
        (Order, b'{"account": "", "document": "S"}', "$.account", "found ''; expected at least 1 character"),
        (Order, b"[]", "$", "found []; expected an object"),
        (Order, b"{", "$", "found b'{'; expected JSON: EOF while parsing"),
        (Order, None, "$", "found b''; expected JSON: EOF while parsing"),
        (Order, b'{"account": "\\ud800"}', "$", "found"),
        (Order, b"[" * 100_000, "$", "found b'[["),
        (
            GoodsIssue,
            b'{"account":"a","document":"d","version":"2026-01-01T00:00:00Z","state":"sent"}',
            "$.state",
            "found 'sent'; expected 'planned', 'picked', 'despatched' or 'cancelled'",
        ),
        (Tracking, b'{"account":"a","source":"s","number":"1","coverage":"all"}', "$.coverage", "found 'all'"),
    ],
)
def test_a_wrong_value_is_told_by_path(model: type[Contract], data: bytes | None, path: str, sentence: str) -> None:
    with pytest.raises(Rejected) as raised:
        read(model, data)
    assert raised.value.path == path
    assert str(raised.value).startswith(f"{path}: {sentence}")
    assert raised.value.code == "invalid"


def test_what_was_found_is_shown_shortened() -> None:
    with pytest.raises(Rejected) as raised:
        build(Order, account="works", document="S-1", version="x" * 10_000)
    assert len(raised.value.reason) < 300


def test_a_field_of_a_newer_writer_is_ignored_at_every_depth() -> None:
    line = b'{"line": "1", "product": {"code": "P", "colour": "red"}, "ordered": {"value": 1, "unit": "C62"}, "x": 1}'
    assert read(Order, ORDER % line) == read(Order, ORDER % (LINE % b"1"))


def test_a_model_does_not_change_after_it_was_made() -> None:
    order = read(Order, ORDER % b"")
    with pytest.raises(ValueError, match="frozen"):
        order.document = "S-2"  # type: ignore[misc]


def test_what_is_empty_is_not_written() -> None:
    assert read(Order, ORDER % b"").encode() == (
        b'{"account":"works","document":"S-1","version":"2026-01-01T00:00:00.000000Z"}'
    )


def test_a_path_is_written_as_rfc_9535_says() -> None:
    assert json_path(("lines", 2, "ordered", "value")) == "$.lines[2].ordered.value"
    assert json_path(()) == "$"
    assert json_path(("texts", "zh-CN", "it's")) == "$.texts['zh-CN']['it\\'s']"
