"""An access token of OAuth 2.0, by client credentials (RFC 6749, section 4.4): fetched when needed, again once refused.

A session is short, so how long a token lasts is left to the server, which refuses an old one with 401.
"""

from base64 import b64encode

import httpx

from connectors.pollers.http import Caller
from contracts.errors import Rejected

FORM = "application/x-www-form-urlencoded"


class Token:
    """The token of one client of the authorisation server at `url`; its secret is `ID:SECRET`."""

    def __init__(self, url: str, secret: str) -> None:
        """Take where tokens are given and to whom; nothing is fetched yet."""
        self._url = url
        basic = b64encode(secret.encode()).decode()
        self._headers = {"Content-Type": FORM, "Authorization": f"Basic {basic}"}
        self._shown = False

    async def show(self, client: httpx.AsyncClient) -> None:
        """Have a client show it at each request; raises as `connectors.pollers.http` does."""
        if not self._shown:
            await self.renew(client)

    async def renew(self, client: httpx.AsyncClient) -> None:
        """Fetch another one, and show that from now on."""
        title = f"the authorisation server at {self._url}"
        caller = Caller(client, title, _sentence, {400: "is the client known there?", 401: "is its secret right?"})
        answer = await caller.ask("POST", self._url, content=b"grant_type=client_credentials", headers=self._headers)
        told = caller.json(answer)
        token = told.get("access_token") if isinstance(told, dict) else None
        if not isinstance(token, str) or not token:
            raise Rejected(f"{title} gives no `access_token`", code="refused")
        client.headers["Authorization"] = f"Bearer {token}"
        self._shown = True


def _sentence(answer: httpx.Response) -> str:
    """Give what RFC 6749, section 5.2, has an error say."""
    try:
        told = answer.json()
        return str(told.get("error_description") or told.get("error") or "")
    except (ValueError, AttributeError):
        return ""
