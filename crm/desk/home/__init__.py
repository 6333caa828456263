"""Home: for each role a sentence that says how things are, figures, and the rows behind them."""
