"""PostgreSQL: connections, the embedded server, migrations, seeds, runs, history, backups, health."""
