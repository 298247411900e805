"""Two small Drupal 7 sites of our own in SQLite, and a guided tour on them; the tests use the sites as well."""
