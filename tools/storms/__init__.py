"""Random evenings on the bot's real services, while the disk, Discord and people do what they like: `make storms`."""
