"""How each page is opened by the benchmark of pages: by whom, with which arguments."""
