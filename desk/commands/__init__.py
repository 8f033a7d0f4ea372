"""The commands of `quayside`, one module each; desk/cli.py registers them."""
