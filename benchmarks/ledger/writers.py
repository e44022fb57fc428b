"""Sixteen clients of the database in two processes; each transaction is one event of the trail."""

import multiprocessing
import os
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from random import Random
from typing import Any

import psycopg2
from psycopg2 import extensions

from carloan.core.ids import uuid7

PROCESSES, CLIENTS = 2, 8
COLUMNS = (
    "id, tenant_id, created_at, xid, canon, leaf, action, outcome, actor_kind, actor_id, object_type, object_id,"
    " loan_id, field, reason_code, request_id, subject_kind, subject_id, detail"
)
PREPARED = """
PREPARE act (uuid, uuid, bytea, uuid, uuid, bytea) AS
INSERT INTO {table} ({columns}) VALUES ($1, $2, now(), pg_current_xact_id(), $3, '', 'loans.loan.changed', 'done',
    'user', $4, 'loans.loan', $5, $5, '', '', $1, 'loan', $5, $6)
"""


@dataclass(frozen=True)
class Task:
    """`hold` is for how many seconds a transaction stays open behind its insert; `seconds` how long all go on."""

    url: str
    tenant: str
    table: str
    seconds: float
    hold: float = 0.0


def write(task: Task) -> int:
    """How many transactions all clients ended within the task's seconds."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        # Interpreters start at once and wait for the same moment.
        list(pool.map(_warm, range(PROCESSES)))
        begin = time.time() + 0.5
        return sum(pool.map(_clients, [task] * PROCESSES, [begin] * PROCESSES))


def _warm(_number: int) -> None:
    time.sleep(0.1)


def _clients(task: Task, begin: float) -> int:
    counts = [0] * CLIENTS
    threads = [threading.Thread(target=_client, args=(task, begin, counts, number)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts)


def _client(task: Task, begin: float, counts: list[int], number: int) -> None:
    link: Any = psycopg2.connect(task.url)
    link.set_isolation_level(extensions.ISOLATION_LEVEL_AUTOCOMMIT)
    chooser = Random(os.getpid() << 8 | number)
    with link.cursor() as cursor:
        cursor.execute(PREPARED.format(table=task.table, columns=COLUMNS))
        time.sleep(max(0.0, begin - time.time()))
        while time.time() < begin + task.seconds:
            statement = f"BEGIN; SET LOCAL app.tenant_id = '{task.tenant}'; {_insert(task, chooser)}"
            if task.hold:
                cursor.execute(statement)
                time.sleep(task.hold)
                cursor.execute("COMMIT")
            else:
                cursor.execute(f"{statement}; COMMIT")
            counts[number] += 1
    link.close()


def _insert(task: Task, chooser: Random) -> str:
    event, loan, actor = uuid7(), chooser.randbytes(16).hex(), chooser.randbytes(16).hex()
    commitments = ",".join(f'"field_{at}":"{chooser.randbytes(16).hex()}"' for at in range(3))
    canon = (
        f'{{"action":"loans.loan.changed","actor":{{"id":"{actor}","kind":"user"}},"at":"2026-11-29T10:00:00.000+00:00",'
        f'"changes":{{{commitments}}},"detail":"{chooser.randbytes(32).hex()}","id":"{event}","loan":"{loan}",'
        f'"object":{{"id":"{loan}","type":"loans.loan"}},"outcome":"done","tenant":"{task.tenant}","v":1}}'
    )
    detail = chooser.randbytes(220).hex()
    return f"EXECUTE act ('{event}', '{task.tenant}', '{canon}', '{actor}', '{loan}', '\\x{detail}')"
