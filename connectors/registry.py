"""Every connector there is. Adding one adds its line here, and nothing registers itself."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

from connectors.pollers.erpnext import ERPNEXT
from connectors.pollers.kingdee import KINGDEE
from connectors.pollers.odoo import ODOO
from connectors.pollers.sample_file import SAMPLE_FILE
from connectors.pollers.sap_odata import SAP_ODATA
from connectors.pollers.tryton import TRYTON
from connectors.pollers.yonyou import YONYOU
from connectors.sources.aftership import AFTERSHIP
from connectors.sources.cloudevents import CLOUDEVENTS
from connectors.sources.dhl import DHL
from connectors.sources.easypost import EASYPOST
from connectors.sources.epcis import EPCIS
from connectors.sources.erpnext_webhook import ERPNEXT_WEBHOOK
from connectors.sources.fedex import FEDEX
from connectors.sources.iftsta import IFTSTA
from connectors.sources.kdniao import KDNIAO
from connectors.sources.kuaidi100 import KUAIDI100
from connectors.sources.odoo_webhook import ODOO_WEBHOOK
from connectors.sources.sap_event_mesh import SAP_EVENT_MESH
from connectors.sources.sap_idoc import SAP_IDOC
from connectors.sources.seventeen_track import SEVENTEEN_TRACK
from connectors.sources.sf_express import SF_EXPRESS
from connectors.sources.ship24 import SHIP24
from connectors.sources.shipengine import SHIPENGINE
from connectors.sources.shippo import SHIPPO
from connectors.sources.standard_webhooks import STANDARD_WEBHOOKS
from connectors.sources.table import TABLE
from connectors.sources.target_hint import TARGET_HINT
from connectors.sources.trackingmore import TRACKINGMORE
from connectors.sources.ups import UPS
from connectors.sources.x12_214 import X12_214
from connectors.targets.dingtalk import DINGTALK
from connectors.targets.feishu import FEISHU
from connectors.targets.freshdesk import FRESHDESK
from connectors.targets.hubspot import HUBSPOT
from connectors.targets.redmine import REDMINE
from connectors.targets.request_tracker import REQUEST_TRACKER
from connectors.targets.salesforce import SALESFORCE
from connectors.targets.servicenow import SERVICENOW
from connectors.targets.smtp import SMTP
from connectors.targets.standard_webhooks import STANDARD_WEBHOOKS_TARGET
from connectors.targets.ticket_desk import TICKET_DESK
from connectors.targets.tryton_complaint import TRYTON_COMPLAINT
from connectors.targets.wecom import WECOM
from connectors.targets.zammad import ZAMMAD
from connectors.targets.zendesk import ZENDESK
from connectors.trackers.aftership import AFTERSHIP_TRACKINGS
from connectors.trackers.easypost import EASYPOST_TRACKERS
from connectors.trackers.kuaidi100 import KUAIDI100_SUBSCRIPTION
from connectors.trackers.seventeen_track import SEVENTEEN_TRACK_REGISTRATION
from connectors.trackers.ups import UPS_TRACK_ALERT
from contracts.connector import Poller, Source, Target, Tracker
from contracts.errors import Rejected

Connector = TypeVar("Connector", Source, Poller, Target, Tracker, Source | Poller)


def _by_name(*connectors: Connector) -> Mapping[str, Connector]:
    return MappingProxyType({connector.name: connector for connector in connectors})


SOURCES: Mapping[str, Source] = _by_name(
    AFTERSHIP,
    CLOUDEVENTS,
    DHL,
    EASYPOST,
    EPCIS,
    ERPNEXT_WEBHOOK,
    FEDEX,
    IFTSTA,
    KDNIAO,
    KUAIDI100,
    ODOO_WEBHOOK,
    SAP_EVENT_MESH,
    SAP_IDOC,
    SEVENTEEN_TRACK,
    SF_EXPRESS,
    SHIP24,
    SHIPENGINE,
    SHIPPO,
    STANDARD_WEBHOOKS,
    TABLE,
    TARGET_HINT,
    TRACKINGMORE,
    UPS,
    X12_214,
)
POLLERS: Mapping[str, Poller] = _by_name(ERPNEXT, KINGDEE, ODOO, SAMPLE_FILE, SAP_ODATA, TRYTON, YONYOU)
TARGETS: Mapping[str, Target] = _by_name(
    DINGTALK,
    FEISHU,
    FRESHDESK,
    HUBSPOT,
    REDMINE,
    REQUEST_TRACKER,
    SALESFORCE,
    SERVICENOW,
    SMTP,
    STANDARD_WEBHOOKS_TARGET,
    TICKET_DESK,
    TRYTON_COMPLAINT,
    WECOM,
    ZAMMAD,
    ZENDESK,
)
TRACKERS: Mapping[str, Tracker] = _by_name(
    AFTERSHIP_TRACKINGS, EASYPOST_TRACKERS, KUAIDI100_SUBSCRIPTION, SEVENTEEN_TRACK_REGISTRATION, UPS_TRACK_ALERT
)


def find(connectors: Mapping[str, Connector], name: str) -> Connector:
    """Give the connector of that name; raises Rejected, naming those there are, where there is none."""
    if name not in connectors:
        known = ", ".join(sorted(connectors)) or "none"
        raise Rejected(f"no connector is called {name!r}; there are: {known}", code="unknown_connector")
    return connectors[name]
