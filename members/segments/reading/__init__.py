"""What pages show of segments: counts, assets, stages, growth, overlap, members, all over visible members."""
