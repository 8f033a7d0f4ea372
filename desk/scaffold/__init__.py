"""The first files of a new connector, in a checkout of Quayside.

`naming`: what it is called, in files and in code. `kinds`: which files a connector of each kind has; `templates` holds
what stands in them at first. `registry`: its line in connectors/registry.py. `writing`: all of it, or nothing.
"""
