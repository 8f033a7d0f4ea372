"""Request Tracker 5, a real ticket system, from Debian's packages."""
