-- How people write texts, days and amounts; each gives the usual form, or the text as it came where it is none.

-- ="00012" and '00012 are what spreadsheets and people write to keep 00012 a text.
CREATE OR REPLACE FUNCTION pg_temp.imports_unmarked(given text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT CASE
        WHEN given ~ '^= *["“”][^"“”]*["“”]$' THEN nullif(btrim(regexp_replace(given, '^= *["“”]|["“”]$', '', 'g')), '')
        WHEN given ~ '^[''‘’][0-9=+@＝＋－＠-]' THEN substr(given, 2)
        ELSE given
    END
$$;

-- Full width, any blank and any dash, in the signs of ASCII; in capitals. A raised or circled digit is a remark
-- beside a value (100², ①) and no digit of it.
CREATE OR REPLACE FUNCTION pg_temp.imports_plain(given text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT upper(btrim(regexp_replace(translate(normalize(regexp_replace(given, '[²³¹⁰⁴-⁹₀-₉①-⒛⓪-⓿❶-➓㉈-㉟㊱-㊿]', '?', 'g'), NFKC), '−–—‐‑’‘。', '-----''''.'), '\s+', ' ', 'g')))
$$;

-- 14:05, 2:05 PM, 下午2点5分, 140500, with fraction and offset → 14:05:00. NULL where it is no time.
CREATE OR REPLACE FUNCTION pg_temp.imports_time(given text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    part text[];
    half text;
    hour integer;
BEGIN
    part := regexp_match(given, '^(\d\d)(\d\d)(\d\d)?$');
    IF part IS NOT NULL THEN
        RETURN part[1] || ':' || part[2] || ':' || coalesce(part[3], '00');
    END IF;
    part := regexp_match(given, '^(凌晨|早上|上午|中午|下午|晚上|AM|PM)? ?(\d{1,2})(?:[:时點点](\d{1,2})?分?)(?:(?::|(?<=分))(\d{1,2})秒?)?'
        '(?:[.,](\d{1,9}))? ?(AM|PM|A\.M\.|P\.M\.)? ?(Z|UTC|GMT|(?:UTC|GMT)?[+-]\d\d(?::?\d\d)?)?$');
    IF part IS NULL THEN
        RETURN NULL;
    END IF;
    hour := part[2]::integer;
    half := coalesce(part[1], replace(part[6], '.', ''));
    IF half IN ('下午', '晚上', 'PM', '中午') AND hour < 12 AND NOT (half = '中午' AND hour > 9) THEN
        hour := hour + 12;
    ELSIF half IN ('凌晨', '上午', 'AM') AND hour = 12 THEN
        hour := 0;
    END IF;
    RETURN lpad(hour::text, 2, '0') || ':' || lpad(coalesce(part[3], '0'), 2, '0') || ':' || lpad(coalesce(part[4], '0'), 2, '0')
        || coalesce('.' || part[5], '')
        || CASE WHEN part[7] IN ('Z', 'UTC', 'GMT') THEN 'Z' ELSE coalesce(regexp_replace(part[7], '^[A-Z]+', ''), '') END;
END $$;

-- A day as people write it, with or without a time → 2026-03-05 or 2026-03-05 14:05:00.
-- `dates` says whether the day or the month comes first where the year does not: 'day', 'month' or ''.
CREATE OR REPLACE FUNCTION pg_temp.imports_moment(given text, dates text, serial boolean) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    plain text := pg_temp.imports_plain(given);
    part text[];  -- year, month, day, what follows
    at_time text;
BEGIN
    IF serial AND plain ~ '^\d{1,5}(\.\d+)?$' THEN  -- days since 1899-12-30; before March 1900 spreadsheets differ
        IF plain::numeric < 61 THEN
            RETURN given;
        END IF;
        IF strpos(plain, '.') = 0 THEN
            RETURN (date '1899-12-30' + plain::integer)::text;
        END IF;
        RETURN to_char(timestamp '1899-12-30' + make_interval(secs => round(plain::numeric * 86400)::double precision),
            'YYYY-MM-DD HH24:MI:SS');
    END IF;
    plain := regexp_replace(plain, ' ?\(?(?:星期|周|週)[一二三四五六日天]\)? ?', ' ');
    plain := btrim(regexp_replace(plain, '^(?:MON|TUE|WED|THU|FRI|SAT|SUN)[A-Z]*[.,]? ', ''));
    part := coalesce(
        regexp_match(plain, '^(\d{4}) ?[-/.年] ?(\d{1,2}) ?[-/.月] ?(\d{1,2}) ?[日号]?(|[ T,日号].*|(?:上午|下午).*|\d{1,2}[:时点].*)$'),
        regexp_match(plain, '^(\d{4})(\d\d)(\d\d)((?:\d{4}(?:\d\d)?)?|[ T].*)$')
    );
    IF part IS NULL THEN  -- 2026-Mar-05
        part := regexp_match(plain, '^(\d{4})[ ./-]?(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*[ ./-]?(\d{1,2})(|[ T,].*)$');
        IF part IS NOT NULL THEN
            part[2] := ((strpos('JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC', part[2]) + 2) / 3)::text;
        END IF;
    END IF;
    IF part IS NULL THEN
        part := regexp_match(plain, '^(\d{1,2})(?:ST|ND|RD|TH)?[ ./-]?(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*[ ./,-]*(\d{4})(|[ T,].*)$');
        IF part IS NULL THEN
            part := regexp_match(plain, '^(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*[ ./-]*(\d{1,2})(?:ST|ND|RD|TH)?[ ,]+(\d{4})(|[ T,].*)$');
            part := ARRAY[part[2], part[1], part[3], part[4]];
        END IF;
        IF part[1] IS NOT NULL THEN
            part := ARRAY[part[3], ((strpos('JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC', part[2]) + 2) / 3)::text, part[1], part[4]];
        ELSE
            part := regexp_match(plain, '^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(|[ T,].*)$');
            IF part IS NULL THEN
                RETURN given;
            ELSIF part[1]::integer > 12 OR dates = 'day' OR part[1]::integer = part[2]::integer THEN
                part := ARRAY[part[3], part[2], part[1], part[4]];
            ELSIF part[2]::integer > 12 OR dates = 'month' THEN
                part := ARRAY[part[3], part[1], part[2], part[4]];
            ELSE
                RETURN given;
            END IF;
        END IF;
    END IF;
    plain := part[1] || '-' || lpad(part[2], 2, '0') || '-' || lpad(part[3], 2, '0');
    IF ltrim(part[4], ' T,日号') = '' THEN
        RETURN plain;
    END IF;
    at_time := pg_temp.imports_time(ltrim(part[4], ' T,日号'));
    RETURN CASE WHEN at_time IS NULL THEN given ELSE plain || ' ' || at_time END;
END $$;

-- ¥1,234.00, 1 234.00元, (100), 100-, １００ → 1234.00, -100 …; `money` is a pattern of the platform currency's names.
CREATE OR REPLACE FUNCTION pg_temp.imports_amount(given text, money text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    plain text := replace(pg_temp.imports_plain(given), '，', ',');
    bare text;
BEGIN
    bare := regexp_replace(plain, '^(\(?[-+]?) ?(?:' || money || ')? ?([-+]?)', '\1\2');
    bare := regexp_replace(bare, ' ?(?:' || money || ')?([-)]{0,2}) ?(?:' || money || ')?$', '\1');
    IF bare ~ '^\(.*\)$' AND bare !~ '[-+]' THEN
        bare := '-' || btrim(bare, '()');
    ELSIF bare ~ '^[^-+]+-$' THEN
        bare := '-' || rtrim(bare, '- ');
    END IF;
    bare := ltrim(bare, '+');
    IF bare ~ '^-?\d{1,3}(,\d{3})+(\.\d*)?$' OR bare ~ '^-?\d{1,4}(,\d{4})+(\.\d*)?$' THEN
        bare := replace(bare, ',', '');
    ELSIF bare ~ '^-?\d{1,3}([ ''])\d{3}(\1\d{3})*(\.\d*)?$' THEN
        bare := translate(bare, ' ''', '');
    END IF;
    RETURN CASE WHEN bare ~ '^-?(\d+\.?\d*|\.\d+)$' THEN bare ELSE given END;
END $$;
