"""The voice channel as services know it: joined, listened to, spoken in, with its panel and private messages."""
