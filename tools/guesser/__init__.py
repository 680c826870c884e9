"""`make guesser`: can a program guess the dealt emotion from the words that a performer is told?"""
