"""Interactions: what a person did, and the answers that Discord accepts."""
