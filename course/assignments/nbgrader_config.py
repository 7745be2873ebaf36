"""What nbgrader must know: the assignments are here, all that it writes goes to grading/."""

import sys
from pathlib import Path

from nbgrader.converters import Autograde

c = get_config()  # noqa: F821

here = Path(__file__).parent
sys.path.insert(0, str(here))
from receive import LeaveOut  # noqa: E402

root = here.parents[1] / "grading"
root.mkdir(exist_ok=True)
c.CourseDirectory.root = str(root)
c.CourseDirectory.course_id = "grokking"
c.CourseDirectory.source_directory = str(here / "source")
c.CourseDirectory.release_directory = "student"
c.CourseDirectory.solution_directory = "instructor"
c.CourseDirectory.submitted_directory = "received"  # made of what is in submitted/ (receive.py)
run, *after = Autograde.autograde_preprocessors.default_args[0]
c.Autograde.autograde_preprocessors = [run, LeaveOut, *after]
c.ExecutePreprocessor.timeout = 300
c.ExecutePreprocessor.extra_arguments = ["--log-level=ERROR"]  # of kernels: no talk of encryption
c.ExportPlugin.to = str(root / "grades.csv")
