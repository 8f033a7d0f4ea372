"""Dispatch: reconciles what the snapshots want at a target with what the ledger says is there.

intake.py      a snapshot's record becomes a wanted state; an unreadable one a dead letter
entry.py       the ledger's entries: one episode of one task at one target
wishes.py      a wanted state, in the target's own fields
plan.py        wishes and entries -> actions; pure, and where all decisions are
outcome.py     what the ledger says after an answer; pure
retrying.py    when a failed action is tried again, and when never; pure
performing.py  one action at a target's session, with the ledger written before and after
lane.py        the actions of one order, one after another
lanes.py       many lanes side by side; a failing one blocks only itself
watching.py    what people do at the target becomes feedback
outbox.py      feedback and dead letters, sent to Kafka once their cause is durable
consuming.py   the consumer group: snapshots into the ledger's database
dispatcher.py  one target: all of the above together
role.py        `run_dispatch`: every target, the operations page, start and stop

What a target is asked is decided in `plan` and `outcome`; everything else carries it out.
"""
