"""What decides each claim of later papers, a file a claim, from the rows of the tables.

Several of them share `event_times`, `success`, `fits` and `markov`; `delay_formula` decides none.
"""
