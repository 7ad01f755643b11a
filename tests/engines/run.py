#!/usr/bin/env python3
"""Run the exported SELECT on other engines and compare every column with `backwise batch`.

    python3 -m venv /tmp/engines && /tmp/engines/bin/pip install duckdb datafusion pyspark chdb
    /tmp/engines/bin/python tests/engines/run.py [--rows 100000] [ENGINE ...]

An engine is one of sqlite, duckdb, datafusion, postgresql, spark, chdb; without a name, each that
is installed. PostgreSQL runs as a throw-away cluster on a unix socket and needs its `initdb`,
`pg_ctl` and `psql`; Spark needs Java. The rows are made up by `benches/` from a seed.
"""

import argparse
import csv
import glob
import importlib.util
import io
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

HOME = pathlib.Path(__file__).resolve().parents[2]
COLUMNS = (
    "id,care,suggestion,suggested_by,options,runner_up,warnings,open_warnings,findings,cautions,"
    "reasons,points,not_answered,asked"
)


def run(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, text=True, **more).stdout


def built(folder, *arguments):
    """Build with cargo and give the folder of programs."""
    run("cargo", "build", "--release", "--quiet", *arguments, cwd=folder)
    target = os.environ.get("CARGO_TARGET_DIR")
    return (pathlib.Path(target) if target else pathlib.Path(folder) / "target") / "release"


def sqlite(ddl, select, header, rows, _file):
    import sqlite3

    database = sqlite3.connect(":memory:")
    database.executescript(ddl)
    marks = ",".join("?" * len(header))
    database.executemany(f"INSERT INTO answers VALUES ({marks})", rows)
    cursor = database.execute(select)
    return [column[0] for column in cursor.description], cursor.fetchall()


def duckdb(ddl, select, header, rows, file):
    import duckdb

    database = duckdb.connect()
    database.execute(ddl)
    database.execute(
        f"INSERT INTO answers SELECT * FROM read_csv('{file}', all_varchar = true, header = true)"
    )
    cursor = database.execute(select)
    return [column[0] for column in cursor.description], cursor.fetchall()


def datafusion(ddl, select, header, rows, file):
    import datafusion
    import pyarrow

    context = datafusion.SessionContext()
    fields = [pyarrow.array([row[at] for row in rows], pyarrow.string()) for at in range(len(header))]
    table = pyarrow.table(fields, names=header)
    context.register_record_batches("answers", [table.to_batches()])
    found = context.sql(select.rstrip().rstrip(";")).to_arrow_table()
    return found.column_names, list(zip(*(column.to_pylist() for column in found.columns)))


def postgresql(ddl, select, header, rows, file):
    places = sorted(glob.glob("/usr/lib/postgresql/*/bin")) + [""]
    tool = lambda name: os.path.join(places[0], name) if places[0] else name
    folder = tempfile.mkdtemp(prefix="backwise-pg-")
    # The server refuses to run as root: another user runs it then.
    as_user = []
    if os.geteuid() == 0:
        os.chmod(folder, 0o777)
        as_user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
    data = os.path.join(folder, "data")
    environment = {**os.environ, "HOME": folder}
    quiet = {"env": environment, "cwd": folder}
    run(*as_user, tool("initdb"), "-D", data, "-A", "trust", "-U", "backwise", "-E", "UTF8", **quiet)
    try:
        subprocess.run(
            [*as_user, tool("pg_ctl"), "-D", data, "-o", f"-k {folder} -c listen_addresses=''",
             "-w", "-l", os.path.join(folder, "log"), "start"],
            check=True, stdout=subprocess.DEVNULL, **quiet)
        psql = [*as_user, tool("psql"), "-h", folder, "-U", "backwise", "-d", "postgres", "-q",
                "-v", "ON_ERROR_STOP=1"]
        with open(file, encoding="utf-8") as text:
            script = ddl + "COPY answers FROM STDIN (FORMAT csv, HEADER true);\n" + text.read() + "\\.\n"
        run(*psql, input=script, **quiet)
        # Compiling so large a statement takes far longer than running it.
        found = run(*psql, "--csv", input="SET jit = off;\n" + select, **quiet)
    finally:
        subprocess.run([*as_user, tool("pg_ctl"), "-D", data, "-m", "immediate", "stop"],
                       stdout=subprocess.DEVNULL, **quiet)
        shutil.rmtree(folder, ignore_errors=True)
    found = list(csv.reader(io.StringIO(found)))
    return found[0], found[1:]


def spark(ddl, select, header, rows, file):
    from pyspark.sql import SparkSession

    folder = tempfile.mkdtemp(prefix="backwise-spark-")
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.warehouse.dir", folder)
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    columns = ", ".join(f"{name} STRING" for name in header)
    session.createDataFrame(rows, columns).createOrReplaceTempView("answers")
    found = session.sql(select.rstrip().rstrip(";"))
    return found.columns, [tuple(row) for row in found.collect()]


def chdb(ddl, select, header, rows, file):
    from chdb.session import Session

    session = Session()
    session.query("CREATE DATABASE backwise; ")
    session.query("USE backwise")
    session.query(ddl)
    session.query(f"INSERT INTO answers SELECT * FROM file('{file}', CSVWithNames)")
    found = session.query(select.rstrip().rstrip(";"), "CSVWithNames").bytes().decode()
    found = list(csv.reader(io.StringIO(found)))
    return found[0], [[cell if cell != "\\N" else None for cell in row] for row in found[1:]]


ENGINES = {
    "sqlite": (sqlite, "portable"),
    "duckdb": (duckdb, "portable"),
    "datafusion": (datafusion, "portable"),
    "postgresql": (postgresql, "portable"),
    "spark": (spark, "spark"),
    "chdb": (chdb, "clickhouse"),
}


def installed(name):
    if name == "sqlite":
        return True
    if name == "postgresql":
        return bool(glob.glob("/usr/lib/postgresql/*/bin/initdb") or shutil.which("initdb"))
    return importlib.util.find_spec({"spark": "pyspark"}.get(name, name)) is not None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("engines", nargs="*", choices=[*ENGINES, []])
    arguments = parser.parse_args()
    names = arguments.engines or [name for name in ENGINES if installed(name)]

    backwise = str(built(HOME) / "backwise")
    generate = str(built(HOME / "benches", "--bin", "generate") / "generate")
    select = run(backwise, "export", "sql")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="backwise-engines-"))
    rows_file = folder / "rows.csv"
    rows_file.write_text(run(generate, str(arguments.seed), str(arguments.rows), "csv"))
    wanted = list(
        csv.DictReader(
            io.StringIO(
                run(backwise, "batch", "--quiet", "--to", "csv", "--on-error", "skip",
                    "--columns", COLUMNS, str(rows_file))
            )
        )
    )
    wanted = {row["id"]: row for row in wanted}
    assert len(wanted) == arguments.rows, "every row fits"

    with open(rows_file, newline="", encoding="utf-8") as text:
        reader = csv.reader(text)
        ids = next(reader)
        given = list(reader)
    header = [
        line.split()[0]
        for line in run(backwise, "export", "sql", "--ddl").splitlines()
        if line.startswith("  ")
    ]
    places = [ids.index(name.removeprefix("q_").replace("_", "-")) for name in header]
    rows = [[row[at] or None for at in places] for row in given]
    table_file = folder / "table.csv"
    with open(table_file, "w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([header, *([cell or "" for cell in row] for row in rows)])
    os.chmod(folder, 0o755)

    failed = False
    for name in names:
        engine, dialect = ENGINES[name]
        ddl = run(backwise, "export", "sql", "--ddl", "--dialect", dialect)
        begun = time.time()
        try:
            columns, found = engine(ddl, select, header, rows, str(table_file))
        except Exception as error:  # One engine that fails must not hide what the others say.
            print(f"{name:<11} failed: {str(error)[:300]}", flush=True)
            failed = True
            continue
        taken = time.time() - begun
        compared = differ = 0
        seen = set()
        for row in found:
            row = dict(zip(columns, row))
            seen.add(row["id"])
            expected = wanted[row["id"]]
            for column in [*expected, "unfit"]:
                value = "" if row[column] is None else str(row[column])
                compared += 1
                if value != expected.get(column, ""):
                    differ += 1
                    if differ <= 5:
                        print(f"  {row['id']} {column}: {value!r}, batch {expected.get(column)!r}")
        missing = len(wanted) - len(seen)
        failed |= bool(differ or missing or len(found) != len(seen))
        print(f"{name:<11} {len(found)} rows, {compared} cells, {differ} differ, "
              f"{missing} missing, {taken:.1f} s", flush=True)
    shutil.rmtree(folder)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
