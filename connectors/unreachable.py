"""Why no node of the broker serves us: aiokafka only logs that, and says of everything that it cannot connect."""

import ssl
from typing import Any

from aiokafka.client import collect_hosts
from aiokafka.conn import create_conn
from aiokafka.errors import KafkaError, SaslAuthenticationFailed, UnsupportedSaslMechanismError

PATIENCE_MS = 5_000


async def why_unreachable(client: dict[str, Any]) -> str:
    """Say in one sentence why these client settings (`connectors.kafka.client_settings`) reach no broker."""
    bootstrap, settings = client["bootstrap_servers"], {**client, "request_timeout_ms": PATIENCE_MS}
    del settings["bootstrap_servers"]
    for host, port, _ in collect_hosts(bootstrap):
        node = f"{host}:{port}"
        try:
            connection = await create_conn(host, port, **settings)
        except SaslAuthenticationFailed:
            return f"the broker {node} does not let in {client['sasl_plain_username']}: wrong user name or password"
        except UnsupportedSaslMechanismError:
            return f"the broker {node} does not take the SASL mechanism {client['sasl_mechanism']}"
        except ssl.SSLCertVerificationError as error:
            return f"the broker {node} is not who it should be: its certificate is not trusted ({error.verify_message})"
        except (OSError, KafkaError, TimeoutError):
            continue
        connection.close()
    return f"the broker {bootstrap} cannot be reached"
