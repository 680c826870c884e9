"""Scenes: dealing, cards, lines, and the X-card."""
