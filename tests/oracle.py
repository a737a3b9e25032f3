"""What must be true after every fault, in SQL; each breach is one sentence.

Modules with promises of their own add a question: a sentence and a query whose rows are the breaches.
"""

from __future__ import annotations

from typing import Any

from dataquality import subjects
from dataquality.queries.children import relations

RECORDS = " UNION ALL ".join(f"SELECT first_batch_id AS batch FROM {subject.db_table}" for subject in subjects.every())
QUESTIONS: dict[str, str] = {
    "job {} is not finished but {}": "SELECT id, state FROM jobs_job WHERE state IN ('waiting', 'running')",
    "job {} is {} and still has a lease": """
        SELECT j.id, j.state FROM jobs_job j JOIN jobs_joblease l ON l.job_id = j.id WHERE j.state <> 'running'""",
    "job {} failed without a reason or a sentence": """
        SELECT id FROM jobs_job WHERE state = 'failed' AND (reason = '' OR message = '')""",
    "job {} had {} attempts of its own": "SELECT id, attempts - spared FROM jobs_job WHERE attempts - spared > 3",
    "{} unfinished jobs do {} {}": """
        SELECT count(*), kind, scope FROM jobs_job WHERE state IN ('waiting', 'running')
         GROUP BY kind, scope HAVING count(*) > 1""",
    "session {} has been idle in a transaction for two seconds or more ({})": """
        SELECT pid, application_name FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%%'
           AND state_change < clock_timestamp() - interval '2 s'""",
    "session {} holds an advisory lock outside of any transaction ({})": """
        SELECT a.pid, a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
         WHERE l.locktype = 'advisory' AND a.datname = current_database() AND a.pid <> pg_backend_pid()
           AND (a.xact_start IS NULL OR a.xact_start < clock_timestamp() - interval '10 s')""",
    "the table {} of batch {} is left, which is {}": """
        SELECT c.relname, b.id, b.state FROM pg_class c JOIN dataquality_batch b
            ON c.relname IN ('dataquality_stage_' || b.id, 'dataquality_stage_' || b.id || '_faults',
                             'dataquality_stage_' || b.id || '_ids')
         WHERE b.state IN ('applied', 'discarded', 'refused')""",
    "batch {} is {}, promised {} new records and wrote {}": f"""
        SELECT b.id, b.state, b.counts->>'new', count(r.batch) FROM dataquality_batch b
          LEFT JOIN ({RECORDS}) r ON r.batch = b.id WHERE b.state <> 'applied' OR b.counts ? 'new'
         GROUP BY 1, 2, 3
        HAVING count(r.batch) <> CASE b.state WHEN 'applied' THEN (b.counts->>'new')::int ELSE 0 END""",
    "{} was scored {} times by batch {}": """
        SELECT "table" || '.' || field, count(*), batch_id FROM dataquality_score WHERE batch_id IS NOT NULL
         GROUP BY source_id, "table", field, batch_id HAVING count(*) > 1""",
}

MERGED = "\n UNION ALL ".join(
    f"""SELECT '{subject.slug}' AS slug, l.id, l.state, l.merged_into_id AS into_id, s.state AS into_state
          FROM {subject.db_table} l LEFT JOIN {subject.db_table} s ON s.id = l.merged_into_id"""
    for subject in subjects.every()
)
STANDING = """SELECT m.id, m."table" AS slug, m.survivor, l.loser, m.journal, m.after FROM dataquality_merge m,
    LATERAL unnest(m.losers) l (loser) WHERE m.undone_at IS NULL"""
QUESTIONS |= {  # I3: a merge is whole or absent; nobody is in two survivors, and nothing leads in a circle
    "{} {} is {} but merged into {}": f"""
        SELECT slug, id, state, into_id FROM ({MERGED}) r WHERE (state = 'merged') <> (into_id IS NOT NULL)""",
    "{} {} is merged into {}, which is merged itself": f"""
        SELECT slug, id, into_id FROM ({MERGED}) r WHERE into_state = 'merged' OR into_id = id""",
    "{} {} is merged, and no standing merge says so": f"""
        SELECT r.slug, r.id FROM ({MERGED}) r WHERE r.state = 'merged'
           AND NOT EXISTS (SELECT 1 FROM ({STANDING}) m WHERE m.slug = r.slug AND m.loser = r.id)""",
    "{} {} is {}, and merge {} has it as a loser": f"""
        SELECT r.slug, r.id, r.state, m.id FROM ({STANDING}) m JOIN ({MERGED}) r ON r.slug = m.slug AND r.id = m.loser
         WHERE r.state <> 'merged'""",
    "{} {} is a loser of {} standing merges": f"""
        SELECT slug, loser, count(*) FROM ({STANDING}) m GROUP BY 1, 2 HAVING count(*) > 1""",
    "merge {} has no whole journal": f"""
        SELECT DISTINCT id FROM ({STANDING}) m WHERE after = '' OR journal->'rows' = '{{}}'::jsonb""",
    "{} {} points at {}, which is merged away": "\n UNION ALL ".join(
        f"""SELECT '{relation.db_table}.{relation.column}', c.{relation.key}, r.id FROM {relation.db_table} c
              JOIN {subject.db_table} r ON r.id = c.{relation.column} WHERE r.state = 'merged'
               {"AND c.state <> 'merged'" if relation.db_table == subject.db_table else ""}"""
        for subject in subjects.every()
        for relation in relations(subject.model)
    ),
}

# table -> columns that name the job and the attempt which wrote a row
EFFECTS: dict[str, tuple[str, str]] = {}


def check(connection: Any) -> list[str]:
    """Every breach found in this database; an empty list means that all promises hold."""
    found = []
    with connection.cursor() as cursor:
        for sentence, question in QUESTIONS.items():
            cursor.execute(question, [])
            found += [sentence.format(*row) for row in cursor.fetchall()]
        for table, (job, attempt) in EFFECTS.items():
            cursor.execute(
                f"SELECT {job}, array_agg(DISTINCT {attempt}) FROM {table} GROUP BY 1 "
                f"HAVING count(DISTINCT {attempt}) > 1"
            )
            found += [f"{table}: job {row[0]} wrote in attempts {row[1]}" for row in cursor.fetchall()]
            cursor.execute(
                f"SELECT DISTINCT e.{job}, j.state FROM {table} e LEFT JOIN jobs_job j ON j.id = e.{job} "
                "WHERE j.state IS DISTINCT FROM 'done'"
            )
            found += [f"{table}: job {row[0]} is {row[1]} but left effects" for row in cursor.fetchall()]
    return found
