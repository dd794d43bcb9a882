"""PostgreSQL: connections, the embedded server, migrations, functions, seeds, runs, history, backups, health."""
