(SELECT {key} AS member_id, {value} AS value FROM {table} WHERE {where} ORDER BY {order} LIMIT {rows})
