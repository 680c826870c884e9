"""The wire formats that the bot and whoever tests it speak: RTP, transport encryption, Opus and Ogg. Bytes only."""
