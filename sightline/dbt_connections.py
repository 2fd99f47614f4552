"""One connection for each of dbt's threads. dbt opens and closes one a node, which costs more than most tests do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_open() -> Iterator[None]:
    """Let dbt's threads keep their connections between nodes; dbt closes them all when its run ends.

    A node's left-over transaction is rolled back and its temporary tables are dropped, as closing would do. A broken
    connection is closed.
    """
    from dbt.adapters.postgres.connections import PostgresConnectionManager as Manager

    close = Manager.release

    def release(manager: Manager) -> None:
        connection = manager.get_if_exists()
        if connection is None or connection.state != "open" or connection.handle.closed:
            close(manager)
            return
        manager._rollback_handle(connection)
        with connection.handle.cursor() as cursor:
            cursor.execute("discard temporary")
        connection.handle.commit()
        connection.transaction_open = False

    Manager.release = release
    try:
        yield
    finally:
        Manager.release = close
