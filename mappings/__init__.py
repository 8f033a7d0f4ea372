"""Payload to contract and back: pure functions, one module a system."""
