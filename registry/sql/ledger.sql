-- The ledger's writes, one round trip each. Called by registry/ledger.py and by nothing else.
--
-- A range is given as first and last serial, both inclusive. Sources are locked in primary-key
-- order. A refusal is SQLSTATE BL001 with the lines that are left as JSON in its DETAIL.

-- UUIDv7 (RFC 9562) in plain SQL, since Postgres before 18 has none of its own.
CREATE OR REPLACE FUNCTION ledger_uuid7() RETURNS uuid
LANGUAGE sql VOLATILE AS $$
    SELECT encode(
        set_bit(set_bit(
            overlay(uuid_send(gen_random_uuid())
                PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
                FROM 1 FOR 6),
            52, 1), 53, 1), 'hex')::uuid
$$;


CREATE OR REPLACE FUNCTION ledger_issue(
    p_issuance uuid, p_account uuid, p_quantity bigint, p_by uuid, p_at timestamptz
) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO registry_holding
        (id, issuance_id, copy, serials, account_id, state, transfers, version)
    VALUES
        (ledger_uuid7(), p_issuance, 1, int8range(1, p_quantity, '[]'), p_account, 'active', 0, 1);
    INSERT INTO registry_entry
        (id, issuance_id, copy, serials, version, kind, from_state, to_account_id, to_state,
         transfers, by_id, at)
    VALUES
        (ledger_uuid7(), p_issuance, 1, int8range(1, p_quantity, '[]'), 1, 'issue', '', p_account,
         'active', 0, p_by, p_at);
END
$$;


-- Take ranges out of an account's active units and give them a state under an order.
CREATE OR REPLACE FUNCTION ledger_take(
    p_kind text, p_order uuid, p_account uuid, p_to_state text,
    p_issuances uuid[], p_copies smallint[], p_firsts bigint[], p_lasts bigint[],
    p_by uuid, p_at timestamptz
) RETURNS void
LANGUAGE plpgsql
-- Each line is one look into the index that refuses overlaps. A hash or merge join would go by
-- the issuance alone and compare every line with every holding; so would an index on the account,
-- which is why the account is asked for by IS NOT DISTINCT FROM, which no index answers.
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
DECLARE
    wanted bigint;
    locked bigint;
    before bigint := -1;
    source record;
    piece int8range;
    in_place boolean;
BEGIN
    SELECT sum(last - first + 1) INTO wanted
      FROM unnest(p_firsts, p_lasts) AS line(first, last);

    -- A statement that waited for a lock sees the row it waited for, but not the remainder that
    -- the other transaction inserted; so look again until a look finds nothing new.
    LOOP
        SELECT coalesce(sum(upper(part) - lower(part)), 0) INTO locked
          FROM (
            SELECT h.serials * int8range(line.first, line.last, '[]') AS part
              FROM unnest(p_issuances, p_copies, p_firsts, p_lasts)
                   AS line(issuance, copy, first, last)
              JOIN registry_holding h
                ON h.issuance_id = line.issuance AND h.copy = line.copy
               AND h.serials && int8range(line.first, line.last, '[]')
             WHERE h.account_id IS NOT DISTINCT FROM p_account AND h.state = 'active'
             ORDER BY h.issuance_id, h.id
               FOR UPDATE OF h
          ) AS parts;
        EXIT WHEN locked = wanted OR locked = before;
        before := locked;
    END LOOP;
    IF locked <> wanted THEN
        RAISE EXCEPTION 'wanted % units, % of them are there', wanted, locked
            USING ERRCODE = 'BL001', DETAIL = ledger_left(p_account, p_issuances);
    END IF;

    FOR source IN
        SELECT h.issuance_id, h.id, h.copy, h.transfers, h.version + 1 AS version, h.layer,
               int8multirange(h.serials) * range_agg(int8range(line.first, line.last, '[]'))
                   AS taken,
               int8multirange(h.serials) - range_agg(int8range(line.first, line.last, '[]'))
                   AS kept
          FROM unnest(p_issuances, p_copies, p_firsts, p_lasts)
               AS line(issuance, copy, first, last)
          JOIN registry_holding h
            ON h.issuance_id = line.issuance AND h.copy = line.copy
           AND h.serials && int8range(line.first, line.last, '[]')
         WHERE h.account_id IS NOT DISTINCT FROM p_account AND h.state = 'active'
         GROUP BY h.issuance_id, h.id
    LOOP
        -- Shrink the row in place to the first range kept, then insert what it gave up.
        in_place := false;
        FOR piece IN SELECT unnest(source.kept) LOOP
            IF in_place THEN
                INSERT INTO registry_holding
                    (id, issuance_id, copy, serials, account_id, state, layer, transfers, version)
                VALUES
                    (ledger_uuid7(), source.issuance_id, source.copy, piece, p_account, 'active',
                     source.layer, source.transfers, source.version - 1);
            ELSE
                UPDATE registry_holding SET serials = piece
                 WHERE issuance_id = source.issuance_id AND id = source.id;
                in_place := true;
            END IF;
        END LOOP;
        FOR piece IN SELECT unnest(source.taken) LOOP
            IF in_place THEN
                INSERT INTO registry_holding
                    (id, issuance_id, copy, serials, account_id, state, layer, "order", transfers,
                     version)
                VALUES
                    (ledger_uuid7(), source.issuance_id, source.copy, piece, p_account, p_to_state,
                     source.layer, p_order, source.transfers, source.version);
            ELSE
                UPDATE registry_holding
                   SET serials = piece, state = p_to_state, "order" = p_order,
                       version = source.version
                 WHERE issuance_id = source.issuance_id AND id = source.id;
                in_place := true;
            END IF;
            INSERT INTO registry_entry
                (id, issuance_id, copy, serials, version, kind, "order", from_account_id,
                 from_state, to_account_id, to_state, layer, transfers, by_id, at)
            VALUES
                (ledger_uuid7(), source.issuance_id, source.copy, piece, source.version, p_kind,
                 p_order, p_account, 'active', p_account, p_to_state, source.layer,
                 source.transfers, p_by, p_at);
        END LOOP;
    END LOOP;
END
$$;


-- Settle everything an order has reserved: into another account (accept) or back where it was.
-- One statement moves it all. p_sender: the selling organisation, NULL where nothing is sold; units
-- that it did not issue itself count one onward transfer more (R091).
CREATE OR REPLACE FUNCTION ledger_settle(
    p_kind text, p_order uuid, p_to_account uuid, p_sender uuid, p_by uuid, p_at timestamptz
) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    moved bigint;
BEGIN
    WITH held AS (
        SELECT h.issuance_id, h.id, h.account_id,
               coalesce(i.producer_id <> p_sender, false)::int AS onward
          FROM registry_holding h
          JOIN registry_issuance i ON i.id = h.issuance_id
         WHERE h."order" = p_order AND h.state = 'reserved'
         ORDER BY h.issuance_id, h.id
           FOR UPDATE OF h
    ), settled AS (
        UPDATE registry_holding h
           SET account_id = coalesce(p_to_account, held.account_id),
               state = 'active', "order" = NULL, version = h.version + 1,
               transfers = h.transfers + held.onward
          FROM held
         WHERE h.issuance_id = held.issuance_id AND h.id = held.id
        RETURNING h.*, held.account_id AS from_account_id
    ), entered AS (
        INSERT INTO registry_entry
            (id, issuance_id, copy, serials, version, kind, "order", from_account_id, from_state,
             to_account_id, to_state, layer, transfers, by_id, at)
        SELECT ledger_uuid7(), issuance_id, copy, serials, version, p_kind, p_order,
               from_account_id, 'reserved', account_id, 'active', layer, transfers, p_by, p_at
          FROM settled
        RETURNING issuance_id, copy, serials, to_account_id
    )
    SELECT coalesce(sum(upper(serials) - lower(serials)), 0) INTO moved FROM entered;

    PERFORM ledger_join(issuance_id, copy, serials, to_account_id)
       FROM registry_entry
      WHERE "order" = p_order AND kind = p_kind
      ORDER BY issuance_id, copy, lower(serials);
    RETURN moved;
END
$$;


-- Join an active range with active neighbours in the same account, so fragments do not pile up.
-- A neighbour somebody else has locked is left alone: joining is a courtesy, never a wait.
CREATE OR REPLACE FUNCTION ledger_join(
    p_issuance uuid, p_copy smallint, p_serials int8range, p_account uuid
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    middle record;
    neighbour record;
    joined int8range;
    newest bigint;
BEGIN
    SELECT * INTO middle FROM registry_holding
     WHERE issuance_id = p_issuance AND copy = p_copy AND serials @> lower(p_serials)
       -- Not an equality: see ledger_take.
       AND account_id IS NOT DISTINCT FROM p_account AND state = 'active'
       FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN RETURN; END IF;
    joined := middle.serials;
    newest := middle.version;
    FOR neighbour IN
        SELECT * FROM registry_holding
         WHERE issuance_id = p_issuance AND copy = p_copy AND serials -|- middle.serials
           AND account_id IS NOT DISTINCT FROM p_account AND state = 'active'
           AND transfers = middle.transfers AND layer IS NOT DISTINCT FROM middle.layer
         ORDER BY id
           FOR UPDATE SKIP LOCKED
    LOOP
        DELETE FROM registry_holding
         WHERE issuance_id = p_issuance AND id = neighbour.id;
        joined := range_merge(joined, neighbour.serials);
        newest := greatest(newest, neighbour.version);
    END LOOP;
    IF joined <> middle.serials THEN
        UPDATE registry_holding SET serials = joined, version = newest
         WHERE issuance_id = p_issuance AND id = middle.id;
    END IF;
END
$$;


-- Expire the active units of issuances whose last day has passed (GAP-4). Safe to run twice.
CREATE OR REPLACE FUNCTION ledger_expire(p_issuances uuid[], p_at timestamptz) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    moved bigint;
BEGIN
    WITH due AS (
        SELECT issuance_id, id
          FROM registry_holding
         WHERE issuance_id = ANY (p_issuances) AND state = 'active'
         ORDER BY issuance_id, id
           FOR UPDATE SKIP LOCKED
    ), expired AS (
        UPDATE registry_holding h
           SET state = 'expired', version = h.version + 1
          FROM due
         WHERE h.issuance_id = due.issuance_id AND h.id = due.id
        RETURNING h.*
    ), entered AS (
        INSERT INTO registry_entry
            (id, issuance_id, copy, serials, version, kind, from_account_id, from_state,
             to_account_id, to_state, layer, transfers, at)
        SELECT ledger_uuid7(), issuance_id, copy, serials, version, 'expire', account_id, 'active',
               account_id, 'expired', layer, transfers, p_at
          FROM expired
        RETURNING serials
    )
    SELECT coalesce(sum(upper(serials) - lower(serials)), 0) INTO moved FROM entered;
    RETURN moved;
END
$$;


-- What an account still has active of these issuances, as JSON for a refusal.
CREATE OR REPLACE FUNCTION ledger_left(p_account uuid, p_issuances uuid[]) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT coalesce(json_agg(json_build_object(
               'issuance', issuance_id, 'copy', copy,
               'first', lower(serials), 'last', upper(serials) - 1)
               ORDER BY issuance_id, copy, lower(serials))::text, '[]')
      FROM registry_holding
     WHERE account_id = p_account AND state = 'active' AND issuance_id = ANY (p_issuances)
$$;
