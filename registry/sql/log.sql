-- What becomes an event of the log, and how it is written: canonical JSON (RFC 8785), in which
-- every value is a string, so that no reader's numbers can differ. Triggers put it into the
-- pending table in the business transaction; the sequencer numbers what has been committed.

-- JSON's own escapes are those of RFC 8785: short ones where there are any, \u00xx else.
CREATE OR REPLACE FUNCTION log_text(p_text text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT to_json(coalesce(p_text, ''))::text $$;


CREATE OR REPLACE FUNCTION log_time(p_at timestamptz) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;


-- Of the built-in functions alone, so that Postgres can write it out where it is used, and in one
-- `concat`, which copies each part once and writes nothing for NULL. `by` stands in place of a
-- person: it opens with the salt alone, says nothing without it, and differs from entry to entry.
CREATE OR REPLACE FUNCTION log_of_entry(e registry_entry, p_salt bytea) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT concat(
        '{"at":"', to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        '","by":"', encode(sha256(p_salt || uuid_send(e.id) || uuid_send(e.by_id)), 'hex'),
        '","copy":"', e.copy,
        '","first":"', lower(e.serials),
        '","from_account":"', e.from_account_id,
        '","from_state":', to_json(e.from_state),
        ',"id":"', e.id,
        '","issuance":"', e.issuance_id,
        '","kind":', to_json(e.kind),
        ',"last":"', upper(e.serials) - 1,
        '","layer":"', e.layer,
        '","order":"', e."order",
        '","to_account":"', e.to_account_id,
        '","to_state":', to_json(e.to_state),
        ',"transfers":"', e.transfers,
        '","type":"entry","version":"', e.version, '"}')
$$;


-- The public record of 6.2 enters by its digest, so that an event stays short.
CREATE OR REPLACE FUNCTION log_digest(p_record jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT encode(sha256(convert_to('{' || coalesce(string_agg(
               log_text(key) || ':' || log_text(value), ',' ORDER BY key COLLATE "C"), '') || '}',
               'UTF8')), 'hex')
      FROM jsonb_each_text(p_record)
$$;


CREATE OR REPLACE FUNCTION log_of_issuance(i registry_issuance) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT '{"account":"' || i.account_id
        || '","adjusted_intensity":"' || coalesce(i.adjusted_intensity::text, '')
        || '","at":"' || log_time(i.issued_at)
        || '","baseline_intensity":"' || i.baseline_intensity
        || '","claims_agreed":"' || i.claims_agreed
        || '","code":' || log_text(i.code)
        || ',"country":' || log_text(i.country)
        || ',"edition":' || log_text(i.edition)
        || ',"expires_on":"' || i.expires_on
        || '","functional_unit":' || log_text(i.functional_unit)
        || ',"id":"' || i.id
        || '","intensity":"' || i.intensity
        || '","producer":"' || i.producer_id
        || '","product":' || log_text(i.product)
        || ',"quantity":"' || i.quantity
        || '","record_sha256":"' || log_digest(i.record)
        || '","site":"' || i.site_id
        || '","transfers_allowed":"' || coalesce(i.transfers_allowed::text, '')
        || '","type":"issuance","vintage_end":"' || i.vintage_end
        || '","vintage_start":"' || i.vintage_start || '"}'
$$;


CREATE OR REPLACE FUNCTION log_of_retirement(r registry_retirement) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT '{"account":"' || r.account_id
        || '","at":"' || log_time(r.retired_at)
        || '","code":' || log_text(r.code)
        || ',"id":"' || r.id
        || '","organisation":"' || r.organisation_id
        || '","quantity":"' || r.quantity
        || '","retired_on":"' || r.retired_on
        || '","type":"retirement"}'
$$;


-- Whose an account is: co-claimed units stay within one organisation (9.3).
CREATE OR REPLACE FUNCTION log_of_account(a accounts_account) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT '{"id":"' || a.id || '","organisation":"' || a.organisation_id
        || '","type":"account"}'
$$;


-- As their owner, since the web's role has no right to the pending table. Once a statement, so
-- that a settlement of a thousand lines costs one insert more.
CREATE OR REPLACE FUNCTION log_entries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO registry_logpending (event)
    SELECT log_of_entry(arrived, known.salt)
      FROM arrived
      LEFT JOIN registry_logsalt known ON known.user_id = arrived.by_id
     ORDER BY arrived.issuance_id, arrived.copy, arrived.version;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION log_issuance() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO registry_logpending (event) VALUES (log_of_issuance(NEW));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION log_retirement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO registry_logpending (event) VALUES (log_of_retirement(NEW));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION log_account() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO registry_logpending (event) VALUES (log_of_account(NEW));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION log_salt() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO registry_logsalt (user_id, salt) VALUES (NEW.id, uuid_send(gen_random_uuid()))
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER every_entry_is_logged AFTER INSERT ON registry_entry
    REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION log_entries();
CREATE OR REPLACE TRIGGER every_issuance_is_logged AFTER INSERT ON registry_issuance
    FOR EACH ROW EXECUTE FUNCTION log_issuance();
CREATE OR REPLACE TRIGGER every_retirement_is_logged AFTER INSERT ON registry_retirement
    FOR EACH ROW EXECUTE FUNCTION log_retirement();
CREATE OR REPLACE TRIGGER every_account_is_logged
    AFTER INSERT OR UPDATE OF organisation_id ON accounts_account
    FOR EACH ROW EXECUTE FUNCTION log_account();
CREATE OR REPLACE TRIGGER every_person_has_a_salt AFTER INSERT ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION log_salt();


-- Give numbers to everything that has been committed, whole transactions at a time, in the order
-- in which it was written; the first number that is free afterwards. Never by "id > last": an
-- earlier id may be committed later. Under the sequencer's lock.
CREATE OR REPLACE FUNCTION log_number() RETURNS bigint
LANGUAGE sql AS $$
    WITH taken AS (
        DELETE FROM registry_logpending RETURNING id, event
    ), numbered AS (
        INSERT INTO registry_logleaf (number, event, retirement)
        SELECT (SELECT coalesce(max(number) + 1, 0) FROM registry_logleaf)
                   + row_number() OVER (ORDER BY id) - 1, event,
               CASE WHEN event LIKE '%"to_state":"retired"%' THEN event::json ->> 'order'
                    WHEN event LIKE '%"type":"retirement"%' THEN event::json ->> 'id'
               END::uuid
          FROM taken
        RETURNING number
    )
    SELECT coalesce(max(number) + 1, (SELECT coalesce(max(number) + 1, 0) FROM registry_logleaf))
      FROM numbered
$$;


REVOKE ALL ON registry_logpending, registry_logleaf, registry_logsalt, registry_logcheckpoint
    FROM billet_web;
REVOKE ALL ON SEQUENCE registry_logpending_id_seq FROM billet_web;
REVOKE ALL ON FUNCTION log_number() FROM PUBLIC;
GRANT SELECT ON registry_logcheckpoint TO billet_web;
