"""Tryton, a real ERP. GPL-3: it runs in an environment of its own and is never imported."""
