"""Who may push: right, wrong, missing, rotated, forged, tampered and replayed proofs."""

import hmac
from datetime import timedelta

import pytest

from connectors.ingress.accounts import open_doors
from contracts.errors import Rejected
from contracts.settings import SecretFrom
from contracts.signature import Proof, Sent
from tests.connectors.conformance.suite import NOW, Suite

PLACES = 40
"""In how many places of a body or header something is changed."""


class ProofConformance(Suite):
    """All of it follows from the record's scheme."""

    def test_a_request_signed_with_either_live_secret_is_taken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        if self.source.verify.proves is Proof.NOTHING:
            monkeypatch.setenv("A_SECRET", "s")
            account = self.account().model_copy(update={"secrets": (SecretFrom(env="A_SECRET"),)})
            with pytest.raises(Rejected, match="does not sign"):
                open_doors([account], {self.source.name: self.source})
            return
        live = [key.verify for key in self.old_and_new]
        for key in self.old_and_new:
            self.source.verify(self.request(self.sent(self.payload, key)), live)

    def test_a_request_signed_with_a_secret_that_is_no_longer_live_is_refused(self) -> None:
        old, new = self.old_and_new
        with pytest.raises(Rejected):
            self.source.verify(self.request(self.sent(self.payload, old)), (new.verify,))

    def test_an_unsigned_request_is_refused(self) -> None:
        with pytest.raises(Rejected):
            self.source.verify(self.request(self.source.verify.carry(self.payload)), self.live)

    def test_an_account_without_live_secrets_opens_to_none(self) -> None:
        with pytest.raises(Rejected):
            self.source.verify(self.request(self.sent(self.payload)), ())

    def test_what_proves_who_it_is_is_not_kept(self) -> None:
        """What is kept of headers goes to Kafka, where no secret may stand."""
        kept, proof = self.source.headers, self.source.verify.headers
        assert kept.isdisjoint(proof), f"headers keep {kept & proof}, in which the proof stands"
        assert all(name == name.lower() for name in kept | proof), "header names are compared in lower case"

    def test_a_proof_of_the_body_is_over_the_very_bytes_not_over_what_they_mean(self) -> None:
        """Another payload under the first one's proof, if only by a space, is refused."""
        if not self._proves_the_body():
            return
        carry, sent = self.source.verify.carry, self.sent(self.payload)
        other = sent.body.replace(carry(self.payload).body, carry(self.payload + b" ").body)
        assert other != sent.body, "the scheme's `sign` sends another body than its `carry`"
        with pytest.raises(Rejected):
            self.source.verify(self.request(sent._replace(body=other)), self.live)

    def test_a_tampered_body_is_refused(self) -> None:
        if not self._proves_the_body():
            return
        sent = self.sent(self.payload)
        for place in range(0, len(sent.body), max(1, len(sent.body) // PLACES)):
            for flipped in (0x01, 0x20):
                body = bytearray(sent.body)
                body[place] ^= flipped
                self._refused_or_the_same(sent._replace(body=bytes(body)))

    def test_a_tampered_proof_is_refused(self) -> None:
        sent = self.sent(self.payload)
        for name in self.source.verify.headers:
            value = sent.headers[name]
            for place in range(0, len(value), max(1, len(value) // PLACES)):
                headers = {**sent.headers, name: f"{value[:place]}~{value[place + 1 :]}"}
                with pytest.raises(Rejected):
                    self.source.verify(self.request(sent._replace(headers=headers)), self.live)

    def test_a_comparison_in_constant_time_alone_decides(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Another one ends at the first byte that differs, and so tells whoever measures it how far a guess was right.

        Where keys come in pairs, what is compared is no secret.
        """
        if self.source.verify.proves is Proof.NOTHING or any(key.sign != key.verify for key in self.old_and_new):
            return
        old, new = self.old_and_new
        monkeypatch.setattr(hmac, "compare_digest", lambda _one, _other: False)
        with pytest.raises(Rejected):
            self.source.verify(self.request(self.sent(self.payload, new)), self.live)
        monkeypatch.setattr(hmac, "compare_digest", lambda _one, _other: True)
        self.source.verify(self.request(self.sent(self.payload, old)), self.live)

    def test_a_replay_is_refused_where_the_instant_is_signed(self) -> None:
        """Elsewhere it is a duplicate: it has the id of the first."""
        tolerance = self.source.verify.tolerance
        if tolerance is None:
            again = self.request(self.sent(self.payload), NOW + timedelta(days=30))
            assert again.id == self.request(self.sent(self.payload)).id
            return
        second = timedelta(seconds=1)
        for lag in (tolerance, -tolerance):
            self.source.verify(self.request(self.sent(self.payload), NOW + lag), self.live)
        for lag in (tolerance + second, -tolerance - second):
            with pytest.raises(Rejected):
                self.source.verify(self.request(self.sent(self.payload), NOW + lag), self.live)

    @property
    def live(self) -> tuple[str, ...]:
        return (self.old_and_new[1].verify,)

    def _proves_the_body(self) -> bool:
        proves = self.source.verify.proves is Proof.BODY
        said = not self.declared.applies("body_signature")
        assert proves != said, (
            "the scheme proves the body, and [not_applicable] says that it does not"
            if proves
            else "the scheme does not prove the body: say in [not_applicable], body_signature, what protects it"
        )
        return proves

    def _refused_or_the_same(self, tampered: Sent) -> None:
        """A sender may write one value in several ways (`%7B` and `{`, `a` and `A` of a hash): nothing was changed."""
        request = self.request(tampered)
        try:
            self.source.verify(request, self.live)
        except Rejected:
            return
        assert self.source.read(request) == self.read(self.payload)
