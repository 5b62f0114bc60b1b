-- Take ranges out of an account and give them a state under an order.
-- p_layer: set on units that no layer has yet; NULL leaves the layer as it is.
CREATE OR REPLACE FUNCTION ledger_take(
    p_kind text, p_order uuid, p_account uuid, p_from_states text[], p_to_state text,
    p_layer smallint, p_issuances uuid[], p_copies smallint[], p_firsts bigint[], p_lasts bigint[],
    p_by uuid, p_at timestamptz
) RETURNS void
LANGUAGE plpgsql
-- Each line is one look into the index that refuses overlaps. A hash or merge join would go by
-- the issuance alone and compare every line with every holding; so would an index on the account,
-- which is why the account is asked for by IS NOT DISTINCT FROM, which no index answers. A plan
-- lives as long as its session, and one made while the table was small would read all of it.
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_seqscan = off
AS $$
DECLARE
    wanted bigint;
    locked bigint;
    before bigint := -1;
    source record;
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
             WHERE h.account_id IS NOT DISTINCT FROM p_account AND h.state = ANY (p_from_states)
               AND (p_layer IS NULL OR h.layer IS NULL)
             ORDER BY h.issuance_id, h.id
               FOR UPDATE OF h
          ) AS parts;
        EXIT WHEN locked = wanted OR locked = before;
        before := locked;
    END LOOP;
    IF locked <> wanted THEN
        RAISE EXCEPTION 'wanted % units, % of them are there', wanted, locked
            USING ERRCODE = 'BL001', DETAIL = ledger_left(p_account, p_issuances, p_from_states);
    END IF;

    FOR source IN
        SELECT h AS holding, range_agg(int8range(line.first, line.last, '[]')) AS taken
          FROM unnest(p_issuances, p_copies, p_firsts, p_lasts)
               AS line(issuance, copy, first, last)
          JOIN registry_holding h
            ON h.issuance_id = line.issuance AND h.copy = line.copy
           AND h.serials && int8range(line.first, line.last, '[]')
         WHERE h.account_id IS NOT DISTINCT FROM p_account AND h.state = ANY (p_from_states)
         GROUP BY h.issuance_id, h.id
    LOOP
        PERFORM ledger_carve(source.holding, source.taken, p_kind, p_order, p_to_state, p_layer,
                             p_by, p_at);
    END LOOP;
END
$$;


-- Settle everything an order has in a state: into another account (accept), back where it was
-- (release, withdraw) or for good (finish). One statement moves it all; neighbours join.
-- p_sender: the selling organisation, NULL where nothing is sold; units that it did not issue
-- itself count one onward transfer more (R091). A reserved seat, which has no account, stays.
CREATE OR REPLACE FUNCTION ledger_settle(
    p_kind text, p_order uuid, p_from_state text, p_to_state text, p_to_account uuid,
    p_sender uuid, p_by uuid, p_at timestamptz
) RETURNS bigint
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
DECLARE
    moved bigint;
    issuances uuid[];
    ids uuid[];
BEGIN
    WITH held AS (
        SELECT h.issuance_id, h.id, h.account_id,
               coalesce(i.producer_id <> p_sender, false)::int AS onward
          FROM registry_holding h
          JOIN registry_issuance i ON i.id = h.issuance_id
         WHERE h."order" = p_order AND h.state = p_from_state AND h.account_id IS NOT NULL
         ORDER BY h.issuance_id, h.id
           FOR UPDATE OF h
    ), settled AS (
        UPDATE registry_holding h
           SET account_id = coalesce(p_to_account, held.account_id), state = p_to_state,
               "order" = CASE WHEN p_to_state <> 'active' THEN p_order END,
               version = h.version + 1, transfers = h.transfers + held.onward
          FROM held
         WHERE h.issuance_id = held.issuance_id AND h.id = held.id
        RETURNING h.*, held.account_id AS from_account_id
    ), entered AS (
        INSERT INTO registry_entry
            (id, issuance_id, copy, serials, version, kind, "order", from_account_id, from_state,
             to_account_id, to_state, layer, transfers, by_id, at)
        SELECT ledger_uuid7(), issuance_id, copy, serials, version, p_kind, p_order,
               from_account_id, p_from_state, account_id, state, layer, transfers, p_by, p_at
          FROM settled
    )
    SELECT coalesce(sum(upper(serials) - lower(serials)), 0), array_agg(issuance_id), array_agg(id)
      INTO moved, issuances, ids
      FROM settled;

    IF p_to_state = 'active' AND moved > 0 THEN
        PERFORM ledger_join(issuances, ids);
    END IF;
    RETURN moved;
END
$$;
