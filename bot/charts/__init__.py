"""Pictures of figures: for dark and light screens, as wide as a phone, with the words that they are given."""
