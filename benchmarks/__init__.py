"""Measures of speed and quality; nothing here is needed to run the pipeline."""
