"""What is wrong with an account of Tryton is told before anybody polls it."""

import pytest

from connectors.pollers.tryton import TRYTON
from contracts.errors import Rejected
from contracts.settings import PollerAccount, SecretFrom

ACCOUNT = PollerAccount(
    name="factory", connector="tryton", url="https://erp.example/db", secret=SecretFrom(env="TRYTON_KEY")
)
EVERY = {"company": "1", "since": "2026-03-01T00:00:00Z", "language": "zh_CN", "delivery_days": "2", "unit.盒": "XBX"}


def test_an_account_with_every_option_is_right() -> None:
    TRYTON.check(ACCOUNT)
    TRYTON.check(ACCOUNT.model_copy(update={"options": EVERY}))


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("company", "Yangtze Gear Works", "expected the number"),
        ("company", "²", "expected the number"),
        ("since", "yesterday", "not an RFC 3339 instant: 'yesterday'"),
        ("since", "2026-03-01T00:00:00", "an instant without a zone"),
        ("delivery_days", "soon", "expected days"),
        ("productions", "true", "expected `yes` or `no`"),
        ("complaints", "true", "expected `yes` or `no`"),
        ("severity.Delivery", "4", "expected `severity.TYPE` with 1, 2, 3"),
        ("severity.", "1", "expected `severity.TYPE`"),
        ("unit.box", "box", "expected a UN/ECE Recommendation 20 code"),
        ("unit.", "XBX", "is unknown"),
        (
            "Delivery_days",
            "2",
            "is unknown; there are: company, complaints, delivery_days, language, productions, severity.TYPE",
        ),
    ],
)
def test_a_wrong_option_is_told_by_its_name(option: str, value: str, said: str) -> None:
    with pytest.raises(Rejected, match=f"option `{option}`.*{said}"):
        TRYTON.check(ACCOUNT.model_copy(update={"options": {option: value}}))


@pytest.mark.parametrize("url", ["https://erp.example", "https://erp.example/", "erp.example/db", "file:db"])
def test_a_url_that_leads_to_no_database_is_told(url: str) -> None:
    with pytest.raises(Rejected, match=r"URL|expected https://HOST/DATABASE") as refused:
        TRYTON.check(ACCOUNT.model_copy(update={"url": url}))
    assert refused.value.path == "$.url"


def test_an_account_without_its_key_is_told() -> None:
    with pytest.raises(Rejected, match="no `secret`: it is the key"):
        TRYTON.check(ACCOUNT.model_copy(update={"secret": None}))
