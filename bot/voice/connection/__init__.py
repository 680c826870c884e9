"""The connection to a voice server: how it is made, ends and heals, and what it uses of discord.py's internals."""
