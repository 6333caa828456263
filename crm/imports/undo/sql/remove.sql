-- The rows that the run has added, among some pages of the table, unless somebody has changed them by hand since.
WITH removed AS (
    DELETE FROM {table} AS t
    WHERE t.ctid >= format('(%%s,0)', %(first)s)::tid AND t.ctid < format('(%%s,0)', %(end)s)::tid
      AND t.import_id = %(run)s
      AND NOT EXISTS (
          SELECT FROM imports_overwritten AS h
          WHERE h.run_id = %(run)s AND h.table_name = %(table)s AND h.by_hand
            AND h.key = jsonb_build_array({key})
      )
    RETURNING t.{subject} AS subject
)
SELECT count(*), array_agg(DISTINCT subject) FROM removed
