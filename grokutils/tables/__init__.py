"""The tables in `data/`: what a row of each measures, and which rows it has.

``python -m grokutils.tables sizes`` makes ``data/sizes.csv``, or goes on where it stopped. With
the address of a Dask scheduler in the environment variable ``SCHEDULER`` its workers do it.
"""
