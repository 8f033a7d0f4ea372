"""Targets: what we write tasks to, one module a system; `http` is what they all speak."""
