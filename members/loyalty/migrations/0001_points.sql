-- Guards and functions of points.
SELECT;
