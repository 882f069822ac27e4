"""Who and what there was, under whom, on a date: the answers, and the pages that show them."""
