"""What a notebook shows: anywidget classes that get plain data and hold no tensors."""
