"""Supervision: every role a child process that is started again when it crashes, and drained in order at the end.

Decisions (`restarts`) are pure; `supervisor` knows no roles; `roles` says what `quayside up` runs.
"""

from desk.supervision.child import Child
from desk.supervision.supervisor import Supervised, Supervisor

__all__ = ["Child", "Supervised", "Supervisor"]
