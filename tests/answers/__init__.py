"""What learners answer, right and wrong: one file for each notebook of exercises.

An answer is a plain function, written as a learner would write it, with a decorator that names
the exercise. It may use the names that the notebook defines.

    @wrong("central_difference", "from x - h to x + h it is 2h")
    def divided_by_h(f, x, h=1e-5):
        return (f(x + h) - f(x - h)) / h
"""

from __future__ import annotations

import functools
import importlib.util
import inspect
import types
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    Attributes:
        exercise: name of the exercise, that is of the function that learners write.
        function: the answer.
        hint: words that the English message must contain; None for a right answer. In another
            language the message must contain what is there in their place.
    """

    exercise: str
    function: types.FunctionType
    hint: str | None

    @property
    def source(self) -> str:
        """The text that a learner would have in the cell."""
        lines = inspect.getsource(self.function).splitlines()[1:]  # without the decorator
        return "\n".join(lines).replace(self.function.__name__, self.exercise, 1)

    def placed(self, names: dict[str, Any]) -> types.FunctionType:
        """Return the function as if it stood in the notebook whose names are given."""
        f = self.function
        inside = {**f.__globals__, **names}
        made = types.FunctionType(f.__code__, inside, self.exercise, f.__defaults__, f.__closure__)
        made.__kwdefaults__ = f.__kwdefaults__
        inside[self.exercise] = made  # so that it can call itself
        return made


def right(exercise: str) -> Callable[[types.FunctionType], Answer]:
    """Mark a function as a right answer, written in another way than the solution."""
    return lambda function: Answer(exercise, function, None)


def wrong(exercise: str, hint: str) -> Callable[[types.FunctionType], Answer]:
    """Mark a function as a wrong answer, and name words of the hint that it must get."""
    return lambda function: Answer(exercise, function, hint)


@functools.cache
def answers_to(stem: str) -> list[Answer]:
    """Return the answers in the file of a notebook."""
    found = importlib.util.spec_from_file_location(f"answers_{stem}", HERE / f"{stem}.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return [thing for thing in vars(module).values() if isinstance(thing, Answer)]
