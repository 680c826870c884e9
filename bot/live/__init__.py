"""What is running: sessions, takes and sound checks, and what people asked for that the store has not taken yet."""
