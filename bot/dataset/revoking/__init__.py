"""What holders of a copy of a dataset do with the revocation list: find what is on it, and delete that."""
