"""Words of the points: refusals, kinds of entry, requests, the nightly proof."""
