"""Every test has these fixtures: mariadb, engine, dump, golden, tiny (and tiny_sites). The helpers are imported as `support.…`."""

pytest_plugins = [
    "support.surroundings",
    "support.mariadb",
    "support.dumps",
    "support.golden",
    "support.tiny_site",
    "support.hypothesis_profile",
]
