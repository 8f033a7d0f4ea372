"""What a changed policy would do to what is open now, before anybody lives by it. Nothing is written."""
