-- Guards and functions of incentives.
SELECT;
