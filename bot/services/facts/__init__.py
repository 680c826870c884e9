"""What is the case: what the store and memory say, and the troupe's own files."""
