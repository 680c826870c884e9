"""`make kills`: the bot killed again and again."""
