"""The demo, `quayside demo`: a sample day through the real edges, faster than the clock.

day/story.yaml             what happens, told as people would tell it
day/expected.yaml          what must come of it, written by hand from the rules
day/policy.yaml            the rules' numbers, fit for one day
story.py, written.py       the story, read
erp.py, pushes.py          from the story to the ERP's file and the carriers' pushes; pure
outcome.py, judging.py     what came of a day, and how that differs from what must, in words; pure
deployment.py              a folder of its own: configuration, secrets, clock
processes.py, playing.py   what runs, and what is posted when
watching.py                what the desk, the topics and the snapshots then say
showing.py, tables.py      what people see
running.py                 all of it, from start to end
"""
