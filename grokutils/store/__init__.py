"""What keeps results: a digest of code, a cache of runs, tables of runs, and their places."""
