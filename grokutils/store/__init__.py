"""What keeps results: a digest of code, a cache of runs, and their places."""
