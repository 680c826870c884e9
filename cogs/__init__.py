"""Slash commands: parse, check, call one service, reply."""
