"""What a reader asks of the list: filters, order and columns, read from an address and checked."""
