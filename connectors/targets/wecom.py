"""Robots of WeCom (企业微信) groups: a message for each task that opens, matters or closes."""

from datetime import date

from connectors.targets.robots import Kind, chat_robot
from contracts.connector import Limit
from mappings.tickets import wecom as mapping

WECOM = chat_robot(
    Kind(mapping.request, mapping.refusal, code="errcode", words="errmsg", signs=False),
    name="wecom",
    title="WeCom (企业微信) group robot",
    documentation=(
        "https://developer.work.weixin.qq.com/document/path/91770",
        "https://developer.work.weixin.qq.com/document/path/90455",
    ),
    read_on=date(2026, 11, 21),
    limit=Limit(calls=20, seconds=60.0),
)
