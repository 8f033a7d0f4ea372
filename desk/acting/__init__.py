"""Operators' actions, `quayside act`.

choosing.py  which order, task, parcel or action is meant, in what is known of it
times.py     the instants and spans that people write
taking.py    look, decide, write durably, and say how to undo it
"""
