"""nbgrader: solutions/ is the source, exercises/ what students get; see book/teachers.md."""

import os

from nbgrader.preprocessors import NbGraderPreprocessor

LANGUAGE = os.environ.get("SEEGRAD_LANGUAGE", "en")


class ForStudents(NbGraderPreprocessor):
    """Our step to what students get: Run All passes a graded cell that is not solved yet.

    It also drops what would carry an answer: cells tagged `solution`, the saved state of
    widgets, and pictures that were pasted into a cell.
    """

    def preprocess(self, nb, resources):
        """Tag the graded cells and drop what must not leave the house."""
        nb.metadata.pop("widgets", None)
        nb.cells = [c for c in nb.cells if "solution" not in c.metadata.get("tags", [])]
        for cell in nb.cells:
            cell.pop("attachments", None)
            cell.metadata.pop("seegrad", None)  # which English text was translated
            if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade"):
                tags = cell.metadata.setdefault("tags", [])
                if "raises-exception" not in tags:
                    tags.append("raises-exception")
        return nb, resources


class ForgetCopies(NbGraderPreprocessor):
    """Our step before grading: a graded cell that a student copied and pasted does no harm.

    nbgrader empties the metadata of all copies but the last one, and later stops at them.
    """

    def preprocess_cell(self, cell, resources, index):
        """Drop metadata that nbgrader has emptied."""
        if "grade_id" not in cell.metadata.get("nbgrader", {"grade_id": ""}):
            del cell.metadata["nbgrader"]
        return cell, resources


c = get_config()  # noqa: F821 (nbgrader defines it)

c.CourseDirectory.course_id = "seegrad"
c.CourseDirectory.source_directory = f"solutions/{LANGUAGE}"
c.CourseDirectory.release_directory = f"exercises/{LANGUAGE}"
c.GenerateAssignment.preprocessors.append(ForStudents)
c.Autograde.sanitize_preprocessors.insert(2, ForgetCopies)  # after DeduplicateIds
# A graded cell that a student deleted is put back and graded.
c.OverwriteCells.add_missing_cells = True
# Each checker has a time limit of its own; this one is for a loop outside of a function.
c.ExecutePreprocessor.timeout = 60
