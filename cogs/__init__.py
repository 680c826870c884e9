"""Slash commands: parse, check, call one action."""
