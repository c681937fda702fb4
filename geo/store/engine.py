"""The engine under the row-level queries: DuckDB on the Parquet files, or another by ``ENGINE``.

Queries are written once, in Narwhals, over the lazy frame that :func:`lazy` returns. Nothing else in
the product knows which engine runs them.
"""

from __future__ import annotations

import os
import threading
from functools import cache
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd

from geo.errors import StoreError
from geo.store.catalog import Dataset


def lazy(dataset: Dataset, table: str = "establishments") -> nw.LazyFrame:
    """Return a table of a dataset as a lazy frame; safe to call from any thread.

    ``ENGINE`` chooses the engine: unset or ``duckdb`` for DuckDB inside this process,
    ``spark://host:port`` (or ``local[n]``, Spark's own form) for Spark on the same files, ``pandas`` for
    a plain frame in memory (small sets; the tests compare it with DuckDB).

    Raises
    ------
    StoreError
        If ``ENGINE`` names no engine, or one that is not installed; if the version was deleted meanwhile.
    """
    files = [str(path) for path in dataset.files(table)]
    engine = os.environ.get("ENGINE", "duckdb").strip() or "duckdb"
    if engine == "duckdb":
        try:
            return nw.from_native(_cursor().read_parquet(files)).lazy()
        except duckdb.IOException as error:
            raise _unreadable() from error
    if engine == "pandas":
        # Nullable types: a cell with 64 bits does not survive as a float.
        parts = [pd.read_parquet(file, dtype_backend="numpy_nullable") for file in files]
        return nw.from_native(pd.concat(parts, ignore_index=True)).lazy()
    if engine.startswith(("spark://", "local[")):
        return nw.from_native(_spark(engine).read.parquet(*files)).lazy()
    raise StoreError(
        vi=f"Biến môi trường ENGINE phải là “duckdb”, “pandas” hoặc “spark://máy:cổng”, nhưng đang là “{engine}”; "
        "hãy sửa hoặc bỏ biến này.",
        en=f'The environment variable ENGINE must be "duckdb", "pandas" or "spark://host:port", but is "{engine}"; '
        "repair or unset it.",
    )


def collect(frame: nw.LazyFrame) -> pd.DataFrame:
    """Run a query and return its (small) result as a pandas frame with a plain index.

    Raises
    ------
    StoreError
        If a file can no longer be read: the version was deleted after it was opened.
    """
    try:
        return frame.collect("pandas").to_native().reset_index(drop=True)
    except duckdb.IOException as error:
        raise _unreadable() from error


def _unreadable() -> StoreError:
    """Say that a version that was opened cannot be read any more."""
    return StoreError(
        vi="Không đọc được tệp của phiên bản dữ liệu đang xem: phiên bản này có thể vừa bị xóa. Hãy tải lại trang "
        "(hoặc chạy lại lệnh) để dùng phiên bản hiện hành.",
        en="A file of the version of the data in view cannot be read: the version may just have been deleted. Load "
        "the page (or run the command) again to use the current one.",
    )


_threads = threading.local()


def _cursor() -> duckdb.DuckDBPyConnection:
    """Return the cursor of this thread; frames to be joined must come from the same one."""
    if not hasattr(_threads, "cursor"):
        _threads.cursor = _duckdb().cursor()
    return _threads.cursor


@cache
def _duckdb() -> duckdb.DuckDBPyConnection:
    """Open the one in-memory database of this process; every thread takes a cursor of its own from it."""
    connection = duckdb.connect(":memory:")
    # Versions are immutable, so what was read of a file's footer stays true.
    connection.execute("SET parquet_metadata_cache = true")
    connection.execute("SET preserve_insertion_order = false")
    return connection


@cache
def _spark(master: str) -> Any:
    """Open a Spark session; Spark is imported only when it is asked for."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise StoreError(
            vi=f"ENGINE={master} cần gói “pyspark” nhưng máy này chưa cài; hãy chạy “pip install pyspark” "
            "hoặc bỏ biến ENGINE để dùng DuckDB.",
            en=f'ENGINE={master} needs the package "pyspark", which is not installed; run '
            '"pip install pyspark", or unset ENGINE to use DuckDB.',
        ) from None
    return SparkSession.builder.master(master).appName("geo").getOrCreate()
