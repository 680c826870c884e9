"""The wire formats that the bot and its tests share: RTP, transport encryption, Opus and Ogg. Bytes only."""
