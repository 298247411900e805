"""Every test has these fixtures: mariadb, engine, dump, golden. The helpers are imported as `support.…`."""

pytest_plugins = ["support.surroundings", "support.mariadb", "support.dumps", "support.golden"]
