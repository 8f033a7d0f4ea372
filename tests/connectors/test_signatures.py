"""Ways of proving who sent a request: every one by what a published example or another program says of it."""

import base64
import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.signatures import bearer, md5_form_field, no_proof, secret_header
from connectors.signatures_hmac import BASE64, TOLERANCE, Written, hmac_header, hmac_timestamped
from contracts.errors import Rejected
from contracts.raw import RawRequest
from contracts.signature import Scheme, Sent

NOW = datetime(2026, 3, 10, 8, tzinfo=UTC)
BODY, OLD, NEW = b'{"weight": "1\xc2\xbd"}', "last year's", "this year's 盐"
SCHEMES = {
    "form": md5_form_field("param", "sign"),
    "bearer": bearer(),
    "header": secret_header("x-secret"),
    "hmac": hmac_header("x-signature"),
    "hmac, base64 of SHA-512": hmac_header("x-signature", BASE64, digest="sha512"),
    "hmac, prefixed": hmac_header("x-signature", Written("hex", "hmac-sha256-hex=")),
    "stamped": hmac_timestamped("x-signature"),
    "stamped in a header of its own": hmac_timestamped("x-signature", BASE64, timestamp_header="x-time"),
}
every_scheme = pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
stamped = pytest.mark.parametrize("scheme", [one for one in SCHEMES.values() if one.tolerance is not None])


def received(sent: Sent, at: datetime = NOW) -> RawRequest:
    return RawRequest("any", "shop", sent.body, at, sent.content_type, sent.headers)


@every_scheme
def test_what_a_scheme_signs_it_verifies_with_any_live_secret_and_with_no_other(scheme: Scheme) -> None:
    request = received(scheme.sign(BODY, NEW, NOW))
    for live in ((NEW,), (OLD, NEW), (NEW, OLD)):
        scheme(request, live)
    for others in ((), (OLD,), ("",)):
        with pytest.raises(Rejected) as refused:
            scheme(request, others)
        assert refused.value.code == "bad_signature"


@every_scheme
def test_a_request_without_proof_is_refused(scheme: Scheme) -> None:
    with pytest.raises(Rejected):
        scheme(received(scheme.carry(BODY)), (NEW,))


@every_scheme
def test_the_proof_stands_in_the_headers_that_the_scheme_names(scheme: Scheme) -> None:
    assert scheme.sign(BODY, NEW, NOW).headers.keys() == scheme.headers


def test_who_cannot_sign_is_never_verified() -> None:
    scheme = no_proof()
    with pytest.raises(Rejected, match="does not sign"):
        scheme(received(scheme.sign(BODY, NEW, NOW)), (NEW,))


def test_an_hmac_is_that_of_rfc_4231() -> None:
    """Test case 2, section 4.3, and its SHA-512."""
    data = b"what do ya want for nothing?"
    (written,) = hmac_header("x-signature").sign(data, "Jefe", NOW).headers.values()
    assert written == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    (written,) = hmac_header("x-signature", BASE64, digest="sha512").sign(data, "Jefe", NOW).headers.values()
    assert base64.b64decode(written).hex().startswith("164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd6")


def test_hexadecimal_digits_may_be_of_either_case_and_a_prefix_may_not() -> None:
    scheme = SCHEMES["hmac, prefixed"]
    prefix, digits = scheme.sign(BODY, NEW, NOW).headers["x-signature"].split("=")
    scheme(received(Sent(BODY, {"x-signature": f"{prefix}={digits.upper()}"})), (NEW,))
    for wrong in (digits, f"{prefix.upper()}={digits}", f"{prefix}={digits}0", f"{prefix}={digits[:-1]}", "é"):
        with pytest.raises(Rejected):
            scheme(received(Sent(BODY, {"x-signature": wrong})), (NEW,))


def test_a_stamped_signature_covers_seconds_and_body_in_the_vendor_s_order() -> None:
    seconds = str(int(NOW.timestamp()))
    expected = hmac.digest(NEW.encode(), seconds.encode() + b"." + BODY, hashlib.sha256)
    assert SCHEMES["stamped"].sign(BODY, NEW, NOW).headers == {"x-signature": f"t={seconds},v1={expected.hex()}"}
    assert SCHEMES["stamped in a header of its own"].sign(BODY, NEW, NOW).headers == {
        "x-time": seconds,
        "x-signature": base64.b64encode(expected).decode(),
    }


@stamped
def test_what_is_sent_again_after_the_tolerance_is_refused(scheme: Scheme) -> None:
    sent = scheme.sign(BODY, NEW, NOW)
    for moved in (timedelta(0), TOLERANCE, -TOLERANCE):
        scheme(received(sent, NOW + moved), (NEW,))
    second = timedelta(seconds=1)
    for moved in (TOLERANCE + second, -TOLERANCE - second, timedelta(days=9000)):
        with pytest.raises(Rejected) as refused:
            scheme(received(sent, NOW + moved), (NEW,))
        assert refused.value.code == "stale_signature"


@stamped
def test_the_instant_cannot_be_changed(scheme: Scheme) -> None:
    sent = scheme.sign(BODY, NEW, NOW - timedelta(days=1))
    old, new = (str(int((NOW - ago).timestamp())) for ago in (timedelta(days=1), timedelta(0)))
    moved = {name: value.replace(old, new) for name, value in sent.headers.items()}
    assert moved != sent.headers
    with pytest.raises(Rejected) as refused:
        scheme(received(replace_headers(sent, moved)), (NEW,))
    assert refused.value.code == "bad_signature"


@pytest.mark.parametrize("seconds", ["", "-1", "1e9", "١٢٣", "9" * 12, "0x10", " 1"])
def test_what_is_no_instant_is_refused_even_if_it_is_signed(seconds: str) -> None:
    signature = hmac.digest(NEW.encode(), seconds.encode() + b"." + BODY, hashlib.sha256).hex()
    scheme = hmac_timestamped("x-signature", timestamp_header="x-time")
    with pytest.raises(Rejected):
        scheme(received(Sent(BODY, {"x-signature": signature, "x-time": seconds})), (NEW,))


def test_of_several_signatures_one_suffices_and_of_several_instants_none_counts() -> None:
    scheme = SCHEMES["stamped"]
    stamp, _, proof = scheme.sign(BODY, NEW, NOW).headers["x-signature"].partition(",")
    scheme(received(Sent(BODY, {"x-signature": f"{stamp}, v1=00, {proof}, v0=0"})), (NEW,))
    with pytest.raises(Rejected):
        scheme(received(Sent(BODY, {"x-signature": f"{stamp},{stamp},{proof}"})), (NEW,))


def replace_headers(sent: Sent, headers: dict[str, str]) -> Sent:
    return sent._replace(headers=headers)


def test_a_signature_s_secret_is_never_told() -> None:
    for scheme in SCHEMES.values():
        request = replace(received(scheme.sign(BODY, OLD, NOW)))
        with pytest.raises(Rejected) as refused:
            scheme(request, (NEW,))
        assert NEW not in str(refused.value)
        assert OLD not in str(refused.value)
