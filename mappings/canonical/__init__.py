"""Senders that speak our own language: what they tell are canonical events already."""
