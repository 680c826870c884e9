"""What people can have done with what is held about them, and how it is done to the end."""
