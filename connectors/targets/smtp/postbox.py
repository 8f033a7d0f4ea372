"""One account's way to its mail server: a connection for each message."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import aiosmtplib

from connectors.targets.smtp.address_book import AddressBook
from connectors.targets.smtp.replies import refusal, unopened
from connectors.targets.turns import take_turn
from contracts.errors import Rejected, Retryable
from contracts.fields import TaskField
from contracts.settings import TargetAccount
from contracts.snapshot import Role
from mappings.tickets.messages import Message
from mappings.tickets.smtp import letter
from mappings.tickets.smtp_options import addresses, options_of
from mappings.tickets.spoken import AUDIENCE, is_notice

FAREWELL_SECONDS = 2.0
_PORTS = {"starttls": 587, "implicit": 465, "none": 25}


class Postbox:
    """One account's way to its server. A connection carries one message."""

    def __init__(self, account: TargetAccount, secret: str | None) -> None:
        """Take the account, and the password of its user."""
        self._account = account
        self._options = options_of(account)
        self._server = server_of(account)
        self._secret = secret
        self._customers = AddressBook(Path(self._options.customers))
        self._trusted = (
            None if self._options.tls == "none" else ssl.create_default_context(cafile=self._options.ca_file or None)
        )

    async def send(self, message: Message) -> None:
        """Send one message to all of its recipients."""
        to = self._recipients(message)
        mail = letter(message, to, self._options, self._account.language, datetime.now(UTC))
        await take_turn()
        async with self._connected() as client:
            await self._hand_over(client, to, mail.as_bytes(), _whose(message))

    async def problems(self) -> list[str]:
        """Ask whether the server takes the sender, and everybody whom tasks go to; nothing is sent."""
        found: list[str] = []
        roles = Role if self._account.roles is None else self._account.roles
        asked = {address.addr_spec: role for role in roles for address in self._options.of_role(role)}
        async with self._connected() as client:
            for address, role in asked.items():
                try:
                    await client.mail(self._sender)
                    await client.rcpt(address)
                except aiosmtplib.SMTPResponseException as error:
                    found.append(refusal(error, f"{self._title}, tasks of {role}").reason)
                await client.rset()
        if self._account.notices:
            self._customers.read()
        return found

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[aiosmtplib.SMTP]:
        """Open a connection for one thing to be done within the account's time."""
        client = self._client()
        try:
            async with asyncio.timeout(self._options.timeout_seconds):
                await self._open(client)
                yield client
        except (TimeoutError, aiosmtplib.SMTPServerDisconnected) as error:
            # What was handed over may have been taken all the same.
            wait = timedelta(seconds=self._options.timeout_seconds)
            raise Retryable(f"{self._title}: no whole answer", code="unanswered", retry_after=wait) from error
        finally:
            # A server that took a message has it, however it takes leave.
            with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
                async with asyncio.timeout(FAREWELL_SECONDS):
                    await client.quit()
            client.close()

    @property
    def _title(self) -> str:
        return f"smtp at {self._account.url}"

    @property
    def _sender(self) -> str:
        return addresses(self._options.sender)[0].addr_spec

    def _recipients(self, message: Message) -> Sequence[Address]:
        if is_notice(message):
            return self._customers.of_customer(message.fields[AUDIENCE])
        return self._options.of_role(message.fields.get(TaskField.ROLE, ""))

    def _client(self) -> aiosmtplib.SMTP:
        tls = self._options.tls
        return aiosmtplib.SMTP(
            hostname=self._server.hostname,
            port=self._server.port or _PORTS[tls],
            use_tls=tls == "implicit",
            start_tls=tls == "starttls",
            tls_context=self._trusted,
            timeout=self._options.timeout_seconds,
        )

    async def _open(self, client: aiosmtplib.SMTP) -> None:
        """Connect, begin TLS, log in."""
        try:
            await client.connect()
            if self._options.user:
                await client.login(self._options.user, self._secret or "")
        except (aiosmtplib.SMTPException, OSError) as error:
            raise unopened(error, self._title) from error

    async def _hand_over(self, client: aiosmtplib.SMTP, to: Sequence[Address], mail: bytes, whose: str) -> None:
        try:
            await client.mail(self._sender)
            for recipient in to:
                await client.rcpt(recipient.addr_spec)
            await client.data(mail)
        except aiosmtplib.SMTPResponseException as error:
            raise refusal(error, f"{self._title}, {whose}") from error


def _whose(message: Message) -> str:
    if is_notice(message):
        return f"a notice to customer {message.fields[AUDIENCE]}"
    return f"a task of {message.fields.get(TaskField.ROLE) or 'a role that is not known'}"


def server_of(account: TargetAccount) -> SplitResult:
    """Give the server's address; raises Rejected where the account's url is none."""
    try:
        url = urlsplit(account.url)
        is_server = url.scheme == "smtp" and bool(url.hostname) and not url.path.strip("/") and url.port != 0
    except ValueError:
        url, is_server = SplitResult("", "", "", "", ""), False
    if not is_server:
        raise Rejected(f"not a URL such as smtp://mail.example.com:587: {account.url!r}", code="bad_url", path="$.url")
    return url
