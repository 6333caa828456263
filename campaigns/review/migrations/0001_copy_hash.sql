-- The SHA-256 (hex) of what a version says and under which conditions; a generated column, so nobody stores another.
-- plpgsql, since convert_to is called stable although the encoding of a database never changes.
CREATE FUNCTION review_template_hash(
    channel text, language text, subject text, body text, variables jsonb, figures_as_of date, figures_until date
) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN encode(sha256(convert_to(jsonb_build_array(
        channel, language, subject, body, variables,
        figures_as_of - date '2000-01-01', figures_until - date '2000-01-01'
    )::text, 'UTF8')), 'hex');
END $$;
