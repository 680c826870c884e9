"""What people see in Discord: panel, cards, forms, replies, and a sentence for every error."""
