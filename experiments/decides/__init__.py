"""The quantities that later papers' claims are judged by, from the rows of the tables."""
