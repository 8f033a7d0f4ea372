"""Hints: a system tells that something of its own changed, and whoever reads that system looks at once.

A webhook's way as a hint: ingress -> `inbound` -> normalise (`contracts.hint.Hint`) -> `hints` -> here. Nothing of a
hint counts but that it came: what is then read goes to `inbound` as any reading does, and dispatch asks its target.
So a forged, doubled, late or lost one does no harm.

- `pending`: what was hinted at and when it is looked at. Pure.
- `waiting`: the hints of one account, awaited.
- `listening`: the reader of the topic, one a process.
"""
