"""Of `make chapters`: a kernel that does not start is tried once more.

Two that start at one moment may choose the same port; one of them then never answers.
"""

import functools
from collections.abc import Callable

import nbval.kernel


def twice(start: Callable) -> Callable:
    """Return a function that starts a kernel, with a second try."""

    @functools.wraps(start)
    def started(*arguments, **options):
        try:
            return start(*arguments, **options)
        except RuntimeError:  # no answer: it died, or another has its port
            return start(*arguments, **options)

    return started


nbval.kernel.start_new_kernel = twice(nbval.kernel.start_new_kernel)
