-- Guards and functions of benefits.
SELECT;
