"""`make kills`: the bot ended by force, again and again."""
