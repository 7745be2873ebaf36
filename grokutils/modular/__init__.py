"""One run of a transformer on modular arithmetic (paper, appendix A)."""
