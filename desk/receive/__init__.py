"""The ticket desk, `quayside receive`: a small ticket system that comes with the product, for trying things out.

journal.py    what happened, one JSON line each: durable before it is answered
desk.py       the journal folded into tasks
api.py        what a target writes and reads; signatures by Standard Webhooks
pages.py      what a person sees and does
catalogue.py  the pages' words in English and Chinese
serving.py    all of it on a port
"""
