"""ShipEngine: the suite of every source, and what is its own."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from connectors.signatures_rsa import public_keys
from connectors.sources.shipengine import SHIPENGINE
from contracts.errors import Rejected
from contracts.settings import SecretFrom, SourceAccount
from tests.connectors.conformance.suite import NOW, Key
from tests.connectors.source_conformance import SourceConformance


def number(value: int) -> str:
    return base64.urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()


def key_pair(kid: str) -> Key:
    """Make a key: as a set with its private part, and as the public set that the vendor publishes."""
    private = rsa.generate_private_key(65537, 2048).private_numbers()
    public = private.public_numbers
    jwk = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": number(public.n), "e": number(public.e)}
    secret = {name: number(getattr(private, name)) for name in ("d", "p", "q")}
    return Key(json.dumps({"keys": [jwk | secret]}), json.dumps({"keys": [jwk]}))


KEYS = key_pair("2025"), key_pair("2026")


class TestShipEngine(SourceConformance):
    source = SHIPENGINE
    keys = KEYS


def test_a_set_may_have_the_old_key_and_the_new_and_others() -> None:
    published = [json.loads(key.verify)["keys"][0] for key in KEYS]
    both = json.dumps({"keys": [*published, {"kty": "EC", "kid": "other"}]})
    suite = TestShipEngine()
    for key in KEYS:
        SHIPENGINE.verify(suite.request(suite.sent(suite.payload, key)), (both,))


def test_a_key_that_no_live_set_has_is_named() -> None:
    suite = TestShipEngine()
    with pytest.raises(Rejected, match="'2025'"):
        SHIPENGINE.verify(suite.request(suite.sent(suite.payload, KEYS[0])), (KEYS[1].verify,))


@pytest.mark.parametrize("instant", ["", "yesterday", "2026-03-10T00:00:00"])
def test_an_instant_of_signing_that_is_none_is_refused(instant: str) -> None:
    suite = TestShipEngine()
    sent = suite.sent(suite.payload)
    headers = {**sent.headers, "x-shipengine-timestamp": instant}
    with pytest.raises(Rejected):
        SHIPENGINE.verify(suite.request(sent._replace(headers=headers)), (KEYS[1].verify,))


@pytest.mark.parametrize(
    "document",
    [
        "",
        "{}",
        "secret",
        '{"keys": []}',
        '{"keys": [{"kty": "RSA"}]}',
        '{"keys": [{"kty": "RSA", "n": "盐"}]}',
        '{"keys": [{"kty": "EC"}]}',
    ],
)
def test_a_secret_that_is_no_set_of_keys_is_refused(document: str) -> None:
    with pytest.raises(Rejected) as found:
        public_keys(document)
    assert found.value.code == "bad_secret"


def test_an_account_whose_secret_is_no_set_of_keys_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    account = SourceAccount(name="shop", connector="shipengine", secrets=(SecretFrom(env="KEYS"),))
    monkeypatch.setenv("KEYS", KEYS[0].verify)
    SHIPENGINE.check(account)
    monkeypatch.setenv("KEYS", "<html>")
    with pytest.raises(Rejected, match="JWK set"):
        SHIPENGINE.check(account)


def test_who_has_the_public_key_alone_cannot_sign() -> None:
    with pytest.raises(Rejected, match="private"):
        SHIPENGINE.verify.sign(b"{}", KEYS[0].verify, NOW)
