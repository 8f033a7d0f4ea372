"""Systems that push to us: one frozen record each, listed in `connectors.registry`."""
