"""Robots of Feishu (飞书) and Lark groups: a card for each task that opens, matters or closes."""

from datetime import date

from connectors.targets.robots import Kind, chat_robot
from contracts.connector import Limit
from mappings.tickets import feishu as mapping

FEISHU = chat_robot(
    Kind(mapping.request, mapping.refusal, code="code", words="msg"),
    name="feishu",
    title="Feishu (飞书) group robot",
    documentation=(
        "https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot",
        "https://open.larksuite.com/document/client-docs/bot-v3/use-custom-bots-in-a-group",
    ),
    read_on=date(2026, 11, 21),
    # A hundred a minute and five a second are published; at this pace neither is ever exceeded.
    limit=Limit(calls=40, seconds=24.0),
)
