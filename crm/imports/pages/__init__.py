"""Pages of the import: what came in, a file to be sent, rows to be fixed."""
