"""Dispatch: reconciles what the snapshots want at a target with what the ledger says is there.

intake.py      a snapshot's record becomes a wanted state; pure
entry.py       the ledger's entries: one episode of one task at one target
wishes.py      a wanted state, in the target's own fields; pure
order_wishes.py  an order's status and its steps, the same; pure
mapping.py     a target's own mapping, guarded
endings.py     what becomes of records that people end; pure
actions.py     what a target can be asked for
holding.py     which new tasks wait for somebody's word; pure
plan.py        wishes and entries -> actions; pure
outcome.py     what the ledger says before and after; pure
retrying.py    when a failed action is tried again, and when never; pure
texts.py       what dispatch itself says at a target
letters.py     the feedback and dead letters that follow; pure
endpoint.py    a target's session, guarded
pace.py        when the next call may go; pure
breaker.py     whether a target is called at all; pure
calling.py     one action as one call of the session
performing.py  one action, with the ledger written before and after the call
lane.py        the actions of one order, one after another
lanes.py       many lanes side by side; a failing one blocks only itself
watching.py    notices what people did at the target
comparing.py   where a target and the wanted states disagree; pure
reconciling.py  compares all, and has it mended
sending.py     what follows goes to Kafka, once its cause is durable
consuming.py   the consumer group: snapshots into the ledger's database
dispatcher.py  one target: all of the above together
role.py        `run_dispatch`: every target, the operations page, start and stop

What a target is asked is decided in `plan` and `outcome`; everything else carries it out.
"""
