"""Bakes what a reader may try: real PyTorch runs once per setting, now, and the widget keeps it."""

from seegrad.explore.bake import MAX_SETTINGS, explore
from seegrad.explore.bench import bench
from seegrad.explore.controls import Control, arrow, choice, slider, switch
from seegrad.explore.switchboard import switchboard
from seegrad.explore.views import Board, Matrix, Plot

__all__ = [
    "MAX_SETTINGS",
    "Board",
    "Control",
    "Matrix",
    "Plot",
    "arrow",
    "bench",
    "choice",
    "explore",
    "slider",
    "switch",
    "switchboard",
]
