"""What nbgrader must know: the assignments are here, all that it writes goes to grading/."""

from pathlib import Path

c = get_config()  # noqa: F821

here = Path(__file__).parent
root = here.parents[1] / "grading"
root.mkdir(exist_ok=True)
c.CourseDirectory.root = str(root)
c.CourseDirectory.course_id = "grokking"
c.CourseDirectory.source_directory = str(here / "source")
c.CourseDirectory.release_directory = "student"
c.CourseDirectory.solution_directory = "instructor"
c.ExecutePreprocessor.timeout = 300
c.ExecutePreprocessor.extra_arguments = ["--log-level=ERROR"]  # of kernels: no talk of encryption
c.ExportPlugin.to = str(root / "grades.csv")
