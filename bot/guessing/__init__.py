"""What a program can guess from words alone: naive Bayes over bags of words, and how well luck would do."""
