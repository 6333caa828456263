-- Guards and functions of tiers.
SELECT;
