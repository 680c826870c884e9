"""What people see in Discord: panel, cards, modals, replies, and the sentence of every error."""
