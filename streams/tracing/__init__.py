"""Tracing: what became of an input. Every accepted input ends in exactly one fate, and this says which.

The topics tell it, and the stages' own states; nothing is kept for it.
"""
