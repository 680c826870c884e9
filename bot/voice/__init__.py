"""Sound coming in: from Discord's datagrams to one Ogg Opus file a performer."""
