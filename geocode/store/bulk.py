"""Write many rows at once: to PostgreSQL by COPY, which is how it takes them fastest."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

# Below this many rows a table to stage them costs more than it saves.
_WORTH_STAGING = 200


def insert_rows(
    connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]
) -> None:
    """
    Write rows of one table.

    Parameters
    ----------
    connection
        In a transaction.
    table
        The table.
    rows
        All with the same columns, no key twice. On PostgreSQL a row whose key is stored is
        replaced; on SQLite whoever calls has deleted it.
    """
    if not rows:
        return
    if connection.dialect.name == "postgresql" and len(rows) >= _WORTH_STAGING:
        _copy(connection, table, rows)
    else:
        connection.execute(sa.insert(table), [dict(row) for row in rows])


def _copy(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Stage the rows in a table of this transaction, then take them over."""
    quote = connection.dialect.identifier_preparer.quote
    names = list(rows[0])
    columns = ", ".join(quote(name) for name in names)
    staging, target = quote(f"staging_{table.name}"), quote(table.name)
    connection.exec_driver_sql(
        f"CREATE TEMP TABLE {staging} ON COMMIT DROP AS "  # noqa: S608 (our own names)
        f"SELECT {columns} FROM {target} WITH NO DATA"
    )
    driver: Any = connection.connection.driver_connection
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {staging} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row([row[name] for name in names])
    keys = [column.name for column in table.primary_key.columns]
    taken = ", ".join(f"{quote(n)} = excluded.{quote(n)}" for n in names if n not in keys)
    what = f"DO UPDATE SET {taken}" if taken else "DO NOTHING"
    connection.exec_driver_sql(
        f"INSERT INTO {target} ({columns}) SELECT {columns} FROM {staging} "  # noqa: S608 (our own names)
        f"ON CONFLICT ({', '.join(map(quote, keys))}) {what}"
    )
    connection.exec_driver_sql(f"DROP TABLE {staging}")
