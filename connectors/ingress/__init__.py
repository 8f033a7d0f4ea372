"""Ingress: what is pushed to us is verified, made durable, and only then acknowledged. It does not parse."""
