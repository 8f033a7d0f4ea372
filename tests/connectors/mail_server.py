"""A mail server for tests: aiosmtpd on a free port, with TLS and a login, which refuses what it is told to refuse."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import IPv4Address
from pathlib import Path

from aiosmtpd import smtp
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.connectors.one_way_conformance import Heard

USER, SECRET, WRONG = "quayside", "open sesame", "close sesame"
NAME = IPv4Address("127.0.0.1")
HOST = "mx.example.com"


@dataclass
class Office:
    """What a mail server does with what it is given, and the letters that it took.

    replies: by command (`MAIL`, `RCPT`, `DATA`), the replies to the next ones instead of its own; empty ones are none.
    """

    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    replies: dict[str, list[str]] = field(default_factory=dict)
    hangs_up: bool = False

    async def handle_MAIL(  # noqa: N802  aiosmtpd's own
        self, _server: smtp.SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if told := self._told("MAIL"):
            return told
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802  aiosmtpd's own
        self, _server: smtp.SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if told := self._told("RCPT"):
            return told
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: smtp.SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if told := self._told("DATA"):
            return told
        assert isinstance(envelope.content, bytes)
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        self.envelopes.append(envelope)
        if self.hangs_up:
            self.hangs_up = False
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return "250 OK"

    def inbox(self) -> Sequence[Heard]:
        return [Heard(f"{mail['subject']}\n{body(mail)}", identity(mail)) for mail in self.letters]

    def _told(self, command: str) -> str:
        waiting = self.replies.get(command, [])
        return waiting.pop(0) if waiting else ""


def body(mail: EmailMessage) -> str:
    text = mail.get_content()
    assert isinstance(text, str)
    return text.replace("\r\n", "\n")


def identity(mail: EmailMessage) -> str:
    return str(mail["message-id"]).strip("<>").partition("@")[0]


def self_signed(file: Path) -> Path:
    """Write a key and the certificate that it signed for itself into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a mail server")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + signed.public_bytes(pem))
    return file


def login(_server: smtp.SMTP, _session: Session, _envelope: Envelope, _mechanism: str, auth: object) -> AuthResult:
    ours = isinstance(auth, LoginPassword) and (auth.login, auth.password) == (USER.encode(), SECRET.encode())
    return AuthResult(success=ours, handled=ours)


@asynccontextmanager
async def serving(office: Office, certificate: Path, tls: str = "starttls") -> AsyncIterator[str]:
    """Run a server on a free port, which wants a login where it begins TLS by itself; give its url."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    def server() -> smtp.SMTP:
        if tls != "starttls":
            return smtp.SMTP(office, hostname=HOST)
        return smtp.SMTP(
            office,
            hostname=HOST,
            tls_context=context,
            require_starttls=True,
            authenticator=login,
            auth_required=True,
        )

    loop = asyncio.get_running_loop()
    listening = await loop.create_server(server, str(NAME), 0, ssl=context if tls == "implicit" else None)
    async with listening:
        yield f"smtp://{NAME}:{listening.sockets[0].getsockname()[1]}"
