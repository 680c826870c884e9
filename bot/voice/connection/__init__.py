"""The way to a voice server and back to it: how a connection is made, ends and heals, and discord.py's insides."""
