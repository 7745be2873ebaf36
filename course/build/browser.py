"""The one way to a browser, for printing and for tests: `python -m course.build.browser`.

``CHROME=path/to/browser`` names one; else it is whichever of the usual ones is installed.
"""

import contextlib
import os
import shutil
import sys

NAMES = [
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *(  # where macOS keeps them, off the PATH
        f"/Applications/{name}.app/Contents/MacOS/{name}"
        for name in ("Google Chrome", "Chromium", "Microsoft Edge")
    ),
]
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
MISSING = "no Chromium or Chrome is installed (CHROME=path names one that lies elsewhere)"


def find() -> str:
    """Return the path of a browser, or "" where there is none.

    Raises
    ------
    FileNotFoundError
        If the one that `CHROME` names cannot be started.
    """
    wanted = os.environ.get("CHROME")
    if wanted and not shutil.which(wanted):
        raise FileNotFoundError(f"CHROME names {wanted}, which is no program here")
    return next(filter(None, map(shutil.which, [wanted] if wanted else NAMES)), "")


@contextlib.contextmanager
def started():
    """Yield the browser, started without a window.

    Raises
    ------
    FileNotFoundError
        If there is none.
    """
    from playwright.sync_api import sync_playwright

    path = find()
    if not path:
        raise FileNotFoundError(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


if __name__ == "__main__":
    print(find() or sys.exit(MISSING))
