"""What is said about the sound: the columns of every table, and their rows."""
