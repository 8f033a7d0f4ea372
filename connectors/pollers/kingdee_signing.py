"""How a request to Kingdee says who sends it: headers `X-Kd-…` for the system, and `X-Api-…` for its gateway.

    X-Kd-Appdata     base64 of `ACCOUNT SET,USER,LANGUAGE,ORGANISATION`
    X-Kd-Signature   of APP ID and that text, with the app's secret
    X-Api-Signature  of method, path, nonce and time, with a key that stands in the app id

A signature is the base64 of the hexadecimal HMAC-SHA256. An app id `CLIENT_KEY` tells the gateway's client and, masked,
its key: base64 of its bytes, each in exclusive or with one of a fixed text that all of Kingdee's kits carry.

Source: the kit `kingdee.cdp.webapi.sdk` 8.2 that Kingdee publishes for Python; no page that can be reached tells it.
"""

import hashlib
import hmac
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

_MASK = b"0054f397c6234378b09ca7d3e5debce7"


@dataclass(frozen=True, slots=True)
class App:
    """A third-party login that was granted in Kingdee: the app, and as whom and in which account set it acts."""

    id: str
    secret: str
    account_set: str
    user: str
    language: str
    organisation: str

    def headers(self, path: str, timestamp: int, nonce: str) -> Mapping[str, str]:
        """Sign a POST to a path, made at an instant in seconds since 1970."""
        data = f"{self.account_set},{self.user},{self.language},{self.organisation}"
        own = {
            "X-Kd-Appkey": self.id,
            "X-Kd-Appdata": b64encode(data.encode()).decode(),
            "X-Kd-Signature": signed(self.id + data, self.secret.encode()),
        }
        client, _, masked = self.id.partition("_")
        if not masked:
            return own
        text = f"POST\n{quote(path, safe='')}\n\nx-api-nonce:{nonce}\nx-api-timestamp:{timestamp}\n"
        return {
            **own,
            "X-Api-ClientID": client,
            "X-Api-Auth-Version": "2.0",
            "x-api-timestamp": str(timestamp),
            "x-api-nonce": nonce,
            "x-api-signheaders": "x-api-timestamp,x-api-nonce",
            "X-Api-Signature": signed(text, unmasked(masked)),
        }


def signed(text: str, key: bytes) -> str:
    """Sign text."""
    return b64encode(hmac.new(key, text.encode(), hashlib.sha256).hexdigest().encode()).decode()


def unmasked(masked: str) -> bytes:
    """Take the mask from a gateway's key; an empty one where it is none, which the gateway refuses."""
    try:
        hidden = b64decode(masked, validate=True)
    except Error:
        return b""
    if len(hidden) > len(_MASK):
        return b""
    return b64encode(bytes(one ^ other for one, other in zip(hidden, _MASK, strict=False)))
