"""Advice about a deck that can be used: what its prompts lack, or what makes them hard to play.

The module `advise` is the entry.
"""
