"""The demo, `quayside demo`: a sample day through the real edges, faster than the clock.

day/story.yaml      what happens, told as people would tell it
day/expected.yaml   what must come of it, written by hand from the rules
day/policy.yaml     the rules' numbers, fit for one day
story.py            the story, read
erp.py, pushes.py   from the story to the ERP's file and the carriers' pushes; pure
outcome.py          what came of a day, and how two outcomes differ, in words; pure
"""
