"""Measures seegrad against torchviz and torchview; `make bench` runs it."""
