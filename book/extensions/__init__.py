"""What this book adds to Sphinx; each module is an extension that `conf.py` names."""
