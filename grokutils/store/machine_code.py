"""Numba's cache of compiled code, mended: what was cut off is compiled anew, not an error for ever.

Numba calls `mend` before it compiles anything, since pyproject.toml names it (`numba_extensions`).
"""

import contextlib


def mend() -> None:
    """Have files of the cache that cannot be read pass for missing, and full disks for none."""
    from numba.core.caching import IndexDataCacheFile as Files

    load, save = Files.load, Files.save

    def load_whole(files, key):
        try:
            return load(files, key)
        except Exception:  # a pickle raises what it likes
            with contextlib.suppress(OSError):
                files.flush()
            return None

    def save_if_possible(files, key, data):
        with contextlib.suppress(Exception):  # a disk that is full, an index that is cut off
            save(files, key, data)

    if load.__name__ == "load":  # not mended yet
        Files.load, Files.save = load_whole, save_if_possible  # type: ignore[method-assign]
