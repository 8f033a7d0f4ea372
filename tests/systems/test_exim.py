"""E-mail at a real mail server: Exim 4, over TLS and with a login, as a company's own would be."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from connectors.targets.smtp import SMTP
from contracts.connector import Writing
from contracts.errors import Rejected, Retryable
from contracts.settings import SecretFrom, TargetAccount
from tests.connectors.mail_server import SECRET, USER, WRONG, body, identity
from tests.connectors.sample_tasks import late_task
from tests.systems.exim.running import Exim, exim_in
from tests.systems.processes import Say, wait_until


@pytest.fixture(scope="module")
def exim(tmp_path_factory: pytest.TempPathFactory, say: Say) -> Iterator[Exim]:
    with exim_in(tmp_path_factory.mktemp("exim"), say) as running:
        yield running


def account(exim: Exim, to: str = "ops@example.com, sales@example.com") -> TargetAccount:
    options = {
        "sender": "Quayside 码头 <quayside@example.com>",
        "to": to,
        "user": USER,
        "ca_file": str(exim.certificate),
    }
    found = TargetAccount(
        name="mail", connector="smtp", url=exim.url, language="zh-CN", secret=SecretFrom(env="UNREAD"), options=options
    )
    SMTP.check(found)
    return found


def writing(to: TargetAccount, order: str) -> Writing:
    context = late_task(order)
    return Writing(context.key, f"{order}-1", SMTP.fields(context, to))


async def test_a_task_arrives_as_it_was_written_at_every_recipient(exim: Exim) -> None:
    to = account(exim)
    task = writing(to, "SO-1")
    dots = replace(task, fields={**task.fields, "details": "第一行\n.\n..\nFrom here on\n" + "长" * 2000})
    async with SMTP.open(to, SECRET) as session:
        created = await session.create(dots)
    wait_until(lambda: len(exim.letters()) == 2, within=20, what="the arrival of both letters")
    for letter in exim.letters():
        assert (letter["subject"], body(letter).rstrip("\n")) == ("订单 SO-1 延误", dots.fields["details"])
        assert identity(letter) == created.id
        assert letter["auto-submitted"] == "auto-generated"
        assert str(letter["from"]) == "Quayside 码头 <quayside@example.com>"


@pytest.mark.parametrize(
    ("to", "error", "code"),
    [
        ("later@example.com", Retryable, "recipient_deferred"),
        ("nobody@example.com", Rejected, "recipient_refused"),
        ("ops@elsewhere.example", Rejected, "recipient_refused"),
    ],
)
async def test_a_refusal_is_named_by_what_happens_next_and_nobody_gets_anything(
    exim: Exim, to: str, error: type[Exception], code: str
) -> None:
    before = len(exim.letters())
    refused = account(exim, f"ops@example.com, {to}")
    async with SMTP.open(refused, SECRET) as session:
        with pytest.raises(error) as failed:
            await session.create(writing(refused, "SO-2"))
    assert getattr(failed.value, "code", "") == code
    assert to not in str(failed.value)
    assert len(exim.letters()) == before


async def test_a_wrong_password_is_an_operator_s_to_mend(exim: Exim) -> None:
    to = account(exim)
    async with SMTP.open(to, WRONG) as session:
        with pytest.raises(Retryable) as failed:
            await session.create(writing(to, "SO-3"))
    assert failed.value.code == "unauthorised"


async def test_a_letter_that_is_too_large_is_rejected(exim: Exim) -> None:
    to = account(exim)
    task = writing(to, "SO-4")
    async with SMTP.open(to, SECRET) as session:
        with pytest.raises(Rejected) as refused:
            await session.create(replace(task, fields={**task.fields, "details": "x" * 30_000}))
    assert refused.value.code == "smtp_552"


async def test_what_the_server_would_refuse_is_told_before_anything_goes(exim: Exim) -> None:
    assert SMTP.probe
    assert await SMTP.probe(account(exim), SECRET) == []
    (told,) = set(
        await SMTP.probe(account(exim, "nobody@example.com").model_copy(update={"roles": ("sales",)}), SECRET)
    )
    assert "tasks of sales: 550 5.1.1 Unknown user" in told
