"""Our token at Salesforce, by the OAuth 2.0 client credentials flow; no answer tells when one ends.

Source: https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_client_credentials_flow.htm
"""

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlencode

from connectors.targets.http import SUCCESS, Endpoint
from contracts.errors import Retryable


@dataclass(slots=True)
class Tokens:
    """Gets a token when there is none."""

    api: Endpoint
    client_id: str
    secret: str
    _token: str = ""
    _getting: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def current(self) -> str:
        """Give the token in use; raises Retryable (`unauthorised`) where Salesforce gives none."""
        async with self._getting:
            if not self._token:
                self._token = await self._new()
            return self._token

    def forget(self, token: str) -> None:
        """Use this one no longer; somebody may have got a new one in the meantime."""
        if self._token == token:
            self._token = ""

    async def _new(self) -> str:
        form = {"grant_type": "client_credentials", "client_id": self.client_id, "client_secret": self.secret}
        sent = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await self.api.ask(
            "POST", "oauth2/token", content=urlencode(form).encode(), headers=sent, accept=frozenset({400, 401})
        )
        told = answer.object()
        if answer.status not in SUCCESS:
            reason = f"{self.api.title} gives no token: {told.get('error', answer.sentence)}"
            raise Retryable(reason, code="unauthorised")
        token = told.get("access_token")
        if not isinstance(token, str) or not token:
            raise Retryable("an answer without an access token", code="not_json")
        return token
