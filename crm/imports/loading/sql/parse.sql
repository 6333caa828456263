SELECT line, fault{values}
FROM (
    SELECT s.*{found}, coalesce({faults})::smallint AS fault
    FROM {staged} AS s
    {joins}
    OFFSET 0
) AS s
