"""How a request to ServiceNow says who we are: a user, a token, or an OAuth application.

Source: https://support.servicenow.com/kb?id=kb_article_view&sysparm_article=KB2058936 (OAuth, client credentials) and
https://docs.servicenow.com/bundle/washingtondc-platform-security/page/integrate/authentication/task/configure-api-key.html
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlencode

from connectors.targets.http import Endpoint
from contracts.errors import Retryable
from mappings.tickets.servicenow import ServiceNowOptions

EARLY = 60.0
"""Seconds before a token's end from which on it is not used any more."""


@dataclass(slots=True)
class Authentication:
    """Gives the headers of a request. A token of OAuth is fetched when the first request needs it."""

    api: Endpoint
    options: ServiceNowOptions
    secret: str
    _token: str = ""
    _until: float = 0.0

    async def headers(self) -> Mapping[str, str]:
        """Give the headers that prove who we are; raises as the endpoint does, at the fetching of a token."""
        match self.options.authentication:
            case "basic":
                return {"Authorization": f"Basic {base64.b64encode(self.secret.encode()).decode()}"}
            case "api_key":
                return {"x-sn-apikey": self.secret}
            case "oauth":
                if monotonic() >= self._until:
                    await self._fetch()
                return {"Authorization": f"Bearer {self._token}"}

    def refused(self) -> bool:
        """Note that a request was refused (401); tell whether a fresh token may help."""
        had_token = bool(self._token)
        self._token, self._until = "", 0.0
        return had_token

    async def _fetch(self) -> None:
        number, _, word = self.secret.partition(":")
        form = {"grant_type": "client_credentials", "client_id": number, "client_secret": word}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await self.api.ask("POST", "oauth_token.do", content=urlencode(form).encode(), headers=headers)
        told = answer.json()
        if not isinstance(told, dict) or not isinstance(told.get("access_token"), str):
            raise Retryable("an answer that holds no access token", code="not_json")
        self._token = told["access_token"]
        self._until = monotonic() + float(told.get("expires_in") or 0) - EARLY
