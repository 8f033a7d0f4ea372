"""The demo, `quayside demo`: a sample day through the real edges, faster than the clock.

day/story.yaml             what happens, told as people would tell it
day/expected.yaml          what must come of it, written by hand from the rules
day/policy.yaml            the rules' numbers, fit for one day
story.py, written.py       the story, read
erp.py                     from the story to the ERP's file; pure
pushes.py, payloads.py     from the story to what Kuaidi100, EasyPost and others push, and when; pure
monitoring.py              a stand-in of Kuaidi100's subscription service, for trying things out
outcome.py, expected.py    what came of a day, and what must have come of it
registrations.py           the same of the parcels' registrations; pure
portal.py                  the same of what a subscriber was told; pure
judging.py                 how all that differs, in words; pure
deployment.py              a folder of its own: configuration, secrets, clock
processes.py               what runs
playing.py, senders.py     what is posted when, and by whom
watching.py                what the desk, the portal, the topics, the snapshots and the ledger then say
showing.py, tables.py      what people see
running.py                 all of it, from start to end
"""
