"""The bot's place in a session's voice channel, and what happens to its voice connection."""
