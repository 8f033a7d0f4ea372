"""Exim 4, Debian's mail server, on a port of its own: it takes letters for two people and puts them into folders."""
