"""A message as an e-mail (RFC 5322): its headers, its text in UTF-8, its recipients.

Message-ID          of the message's own id, so it is the same at each try; most servers then show it once
In-Reply-To         the message before it about the same task, so that mailboxes show them together
Auto-Submitted      auto-generated (RFC 3834, section 5): no out-of-office reply comes back; X-Auto-Response-Suppress
says the same to Exchange ([MS-OXCMAIL], section 2.1.3.2.14)
List-Id             of tasks, by role (RFC 2919), for filters; List-Unsubscribe of notices (RFC 2369, section 3.2)
Importance          of grave tasks (RFC 2156, section 5.3.6)
Content-Language    of the text (RFC 3282)
"""

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from contracts.fields import TaskField
from contracts.snapshot import Severity
from mappings.tickets.messages import Message
from mappings.tickets.smtp_options import SmtpOptions, addresses
from mappings.tickets.spoken import heading, is_notice, text
from mappings.tickets.wording import Language

POLICY = SMTP.clone(cte_type="7bit")
"""A server need not take eight bits (RFC 6152)."""


def letter(
    message: Message, to: Sequence[Address], options: SmtpOptions, language: Language, at: datetime
) -> EmailMessage:
    """Write a message as an e-mail; at: when it is sent."""
    mail = EmailMessage(policy=POLICY)
    mail["From"] = addresses(options.sender)
    mail["To"] = to
    if options.reply_to:
        mail["Reply-To"] = addresses(options.reply_to)
    mail["Subject"] = heading(message, language)
    mail["Date"] = at
    mail["Message-ID"] = _id(message.id, options)
    if message.follows:
        mail["In-Reply-To"] = mail["References"] = _id(message.follows, options)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if message.fields.get(TaskField.SEVERITY) == Severity.GRAVE:
        mail["Importance"] = "high"
    if not is_notice(message):
        mail["List-Id"] = f"<{message.fields.get(TaskField.ROLE) or 'tasks'}.quayside.{options.domain}>"
    elif options.unsubscribe:
        mail["List-Unsubscribe"] = f"<{options.unsubscribe}>"
    mail.set_content(text(message) + "\n", charset="utf-8")
    mail["Content-Language"] = language
    return mail


def _id(message_id: str, options: SmtpOptions) -> str:
    return f"<{message_id}@{options.domain}>"
