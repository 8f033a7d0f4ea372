"""Redmine 5, a real issue tracker, from Debian's packages."""
