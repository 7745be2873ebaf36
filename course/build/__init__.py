"""What is made of the course and of the rendered book: quiz, slides, PDF. Run from the root."""
