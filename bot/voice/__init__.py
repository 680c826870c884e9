"""The sound that comes in: from Discord's datagrams to one Ogg Opus file per performer."""
