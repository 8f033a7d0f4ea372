"""The first files of a new connector, in a checkout of Quayside.

`naming`: what it is called, in files and in code. `kinds`: which files a connector of each kind has; `templates` holds
what stands in them at first. `listing`: its lines in connectors/registry.py and docs/how-to. `writing`: all of it, or
nothing.
"""
