"""nbgrader: solutions/ is the source, exercises/ what students get; see book/teachers.md."""

import os

from nbgrader.preprocessors import NbGraderPreprocessor

LANGUAGE = os.environ.get("SEEGRAD_LANGUAGE", "en")


class ForStudents(NbGraderPreprocessor):
    """The one step of ours: Run All passes a graded cell that is not solved yet.

    It also drops what would carry an answer: cells tagged `solution`, the saved state of
    widgets, and pictures that were pasted into a cell.
    """

    def preprocess(self, nb, resources):
        """Tag the graded cells and drop what must not leave the house."""
        nb.metadata.pop("widgets", None)
        nb.cells = [c for c in nb.cells if "solution" not in c.metadata.get("tags", [])]
        for cell in nb.cells:
            cell.pop("attachments", None)
            if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade"):
                tags = cell.metadata.setdefault("tags", [])
                if "raises-exception" not in tags:
                    tags.append("raises-exception")
        return nb, resources


c = get_config()  # noqa: F821 (nbgrader defines it)

c.CourseDirectory.course_id = "seegrad"
c.CourseDirectory.source_directory = f"solutions/{LANGUAGE}"
c.CourseDirectory.release_directory = f"exercises/{LANGUAGE}"
c.GenerateAssignment.preprocessors.append(ForStudents)
# A graded cell that a student deleted is put back and graded.
c.OverwriteCells.add_missing_cells = True
# Each checker has a time limit of its own; this one is for a loop outside of a function.
c.ExecutePreprocessor.timeout = 60
