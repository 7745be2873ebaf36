"""The tables in `data/`, one file each: what a row measures, and which rows there are.

``python -m experiments make sizes`` makes ``data/sizes.csv``, or goes on where it stopped;
with the address of a Dask scheduler in the environment variable ``SCHEDULER`` its workers do it.
``check sizes`` computes a few of its rows anew, ``list`` says how far each table is.
"""
