"""A Drupal 7 site's configuration as code."""

__version__ = "0.1.0"
