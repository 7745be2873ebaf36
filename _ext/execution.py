"""Sphinx extension: the chapters run side by side, and before the pages that read their results."""

import re
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.executors import load_executor


def _measures(name):
    return re.match(r"chapters/\d", name) is not None


def chapters_first(app, env, docnames):
    """Put the numbered chapters first; the scorecard and the course read what they record."""
    docnames.sort(key=lambda name: not _measures(name))


def side_by_side(app, env, docnames):
    """Run the chapters that are to be read, one a core; MyST-NB then finds them in its cache.

    What an earlier build left there is forgotten: that cache knows a notebook's cells, and not the
    code and the tables that they use. A chapter that fails is run again when it is read, which
    tells of it.
    """
    if app.config.nb_execution_mode != "cache":  # of `make links`, which runs nothing
        return
    cache = get_cache(env.mystnb_config.execution_cache_path)
    for record in cache.list_cache_records():
        cache.remove_cache(record.pk)
    for record in cache.list_project_records():
        cache.remove_nb_from_project(record.pk)
    # The last chapters take longest: they start first.
    for name in reversed([name for name in docnames if _measures(name)]):
        cache.add_nb_to_project(str(env.doc2path(name)))
    load_executor("local-parallel", cache).run_and_cache(timeout=app.config.nb_execution_timeout)


def as_they_ran(app, env):
    """Write the chapters with their outputs where figures and the course look for them.

    MyST-NB writes what it executed there, but what it found in its cache as it was before.
    """
    if app.config.nb_execution_mode != "cache":
        return
    cache = get_cache(env.mystnb_config.execution_cache_path)
    for record in cache.list_project_records():
        name = env.path2doc(record.uri)
        if _measures(name):
            _, chapter = cache.merge_match_into_notebook(nbformat.read(record.uri, 4))
            nbformat.write(chapter, Path(env.mystnb_config.output_folder, f"{name}.ipynb"))


def setup(app):
    """Register with Sphinx."""
    app.connect("env-before-read-docs", chapters_first)
    app.connect("env-before-read-docs", side_by_side)
    app.connect("env-updated", as_they_ran)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
