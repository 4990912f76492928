import json
import math

import pytest

from seegrad.values import Value, number, shape_text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (28.0, "28"),
        (204800.0, "204800"),
        (-1433.6, "-1434"),
        (0.333333, "0.3333"),
        (1e-30, "1e-30"),
        (3e20, "3e+20"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
        (True, "True"),
        (1 - 2j, "1-2j"),
    ],
)
def test_numbers_are_short_and_whole_numbers_whole(given, text):
    assert number(given) == text


def test_small_tensors_are_shown_in_full():
    assert str(Value((4,), "float32", [0.0, 4.0, 8.0, 12.0])) == "[0, 4, 8, 12]"
    assert str(Value((2, 2), "float32", [[1.0, 2.0], [3.0, 4.0]])) == "[[1, 2], [3, 4]]"


def test_long_tensors_say_their_shape_and_stay_short():
    long = Value((100,), "float32", [float(i) for i in range(100)])
    assert str(long) == "(100,) [0, 1, 2, 3, 4, 5, 6, …, 99]"
    deep = Value((3, 3, 3), "float32", [[[1 / 3] * 3] * 3] * 3)
    assert str(deep).startswith("(3, 3, 3) [0.3333, ")
    assert len(str(deep)) < 60


def test_summaries_and_empty_tensors_have_a_text():
    stats = {"min": -1.0, "mean": 0.5, "max": 2.0, "norm": 3.0, "corner": [0.0]}
    assert str(Value((64, 64), "float32", stats=stats)) == "(64, 64) min -1, mean 0.5, max 2"
    assert str(Value((0, 3), "float32", [])) == "(0, 3) []"
    assert shape_text(()) == "()"
    assert shape_text(None) == "(unknown shape)"


def test_not_finite_is_noticed_and_is_valid_json():
    bad = Value((2,), "float32", [math.nan, math.inf])
    assert not bad.finite
    assert Value((2,), "float32", [0.0, 1.0]).finite
    text = json.dumps(bad.to_dict(), allow_nan=False)
    assert json.loads(text)["data"] == ["nan", "inf"]
