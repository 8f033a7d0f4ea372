"""The edge: signatures, acknowledgements, polling and HTTP clients, one frozen record a system."""
