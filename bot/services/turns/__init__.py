"""Turns of kept takes: found in the background and stored."""
