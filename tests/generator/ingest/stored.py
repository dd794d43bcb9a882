"""What a test looks up in the database after a refresh."""

from tests.sql import samples


def prices(connection):
    rows = connection.execute(
        "select p.slug, i.instance_type, i.price_per_hour::float8, i.is_recorded from instances i"
        " join providers p on p.id = i.provider_id where i.is_active order by 1, 2"
    )
    return [(slug, price, is_recorded) for slug, _, price, is_recorded in rows]


def jobs(connection):
    return connection.execute(
        "select p.slug, j.status::text, j.error_code, j.instances_found from scrape_jobs j"
        " join providers p on p.id = j.provider_id order by j.started_at, j.status desc, 1"
    ).fetchall()


def counts(connection, *tables):
    return [samples.one(connection, f"select count(*) from {table}") for table in tables]


def held(connection):
    return connection.execute("select instance_type, rule, state, seen_n from quarantine order by id").fetchall()
