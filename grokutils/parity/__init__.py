"""One run of the paper's network on sparse parity: it knows no cache, no table and no plot."""
