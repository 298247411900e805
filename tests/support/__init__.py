"""What tests lean on: sites from dumps, a MariaDB of their own, golden files, the command line."""
