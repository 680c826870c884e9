"""The guild and its content: plain data, its changes, permissions and visibility, and Discord's JSON for all of it."""
