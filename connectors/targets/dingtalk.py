"""Robots of DingTalk (钉钉) groups: a message for each task that opens, matters or closes."""

from datetime import date

from connectors.targets.robots import Kind, chat_robot
from contracts.connector import Limit
from mappings.tickets import dingtalk as mapping

DINGTALK = chat_robot(
    Kind(mapping.request, mapping.refusal, code="errcode", words="errmsg"),
    name="dingtalk",
    title="DingTalk (钉钉) group robot",
    documentation=(
        "https://open.dingtalk.com/document/orgapp/custom-robot-access",
        "https://open.dingtalk.com/document/orgapp/customize-robot-security-settings",
        "https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages",
    ),
    read_on=date(2026, 11, 21),
    limit=Limit(calls=20, seconds=60.0),
)
