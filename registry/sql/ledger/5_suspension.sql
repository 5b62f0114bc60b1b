-- Suspend what is active, expired or a reserved seat within a scope: an account, an issuance, or
-- ranges. Units that a transfer or a retirement has are not taken from it: BL003 names the open
-- orders, and the caller closes them first. What is final or suspended already stays.
CREATE OR REPLACE FUNCTION ledger_suspend(
    p_suspension uuid, p_account uuid, p_issuance uuid,
    p_issuances uuid[], p_copies smallint[], p_firsts bigint[], p_lasts bigint[],
    p_by uuid, p_at timestamptz
) RETURNS TABLE (issuance uuid, copy smallint, first bigint, last bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
-- As in ledger_take.
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_seqscan = off
AS $$
DECLARE
    issuances uuid[];
    ids uuid[];
    before uuid[];
    orders json;
    source record;
BEGIN
    -- Look again until a look finds nothing new: see ledger_take.
    LOOP
        SELECT array_agg(locked.issuance_id ORDER BY locked.issuance_id, locked.id),
               array_agg(locked.id ORDER BY locked.issuance_id, locked.id)
          INTO issuances, ids
          FROM (
            SELECT h.issuance_id, h.id
              FROM (
                SELECT a.issuance_id, a.id FROM registry_holding a WHERE a.account_id = p_account
                 UNION
                SELECT i.issuance_id, i.id FROM registry_holding i WHERE i.issuance_id = p_issuance
                 UNION
                SELECT touched.issuance_id, touched.id
                  FROM unnest(p_issuances, p_copies, p_firsts, p_lasts)
                       AS line(issuance, copy, first, last)
                  JOIN registry_holding touched
                    ON touched.issuance_id = line.issuance AND touched.copy = line.copy
                   AND touched.serials && int8range(line.first, line.last, '[]')
              ) AS scope
              JOIN registry_holding h ON h.issuance_id = scope.issuance_id AND h.id = scope.id
             WHERE h.state IN ('active', 'expired', 'reserved', 'retiring')
               AND (p_account IS NULL OR h.account_id = p_account)
             ORDER BY h.issuance_id, h.id
               FOR UPDATE OF h
          ) AS locked;
        EXIT WHEN ids IS NOT DISTINCT FROM before;
        before := ids;
    END LOOP;

    SELECT json_agg(DISTINCT h."order") INTO orders
      FROM unnest(issuances, ids) AS locked(issuance, id)
      JOIN registry_holding h ON h.issuance_id = locked.issuance AND h.id = locked.id
     WHERE h.state = 'retiring' OR h.state = 'reserved' AND h.account_id IS NOT NULL;
    IF orders IS NOT NULL THEN
        RAISE EXCEPTION 'open orders have some of these units'
            USING ERRCODE = 'BL003', DETAIL = orders::text;
    END IF;

    FOR source IN
        SELECT h AS holding,
               CASE WHEN p_issuances IS NULL THEN int8multirange(h.serials) ELSE (
                    SELECT range_agg(int8range(line.first, line.last, '[]'))
                      FROM unnest(p_issuances, p_copies, p_firsts, p_lasts)
                           AS line(issuance, copy, first, last)
                     WHERE line.issuance = h.issuance_id AND line.copy = h.copy
               ) * int8multirange(h.serials) END AS taken
          FROM unnest(issuances, ids) AS locked(issuance, id)
          JOIN registry_holding h ON h.issuance_id = locked.issuance AND h.id = locked.id
         ORDER BY h.issuance_id, h.copy, lower(h.serials)
    LOOP
        PERFORM ledger_carve(source.holding, source.taken, 'suspend', p_suspension, 'suspended',
                             NULL, p_by, p_at);
        RETURN QUERY
        SELECT (source.holding).issuance_id, (source.holding).copy, lower(piece), upper(piece) - 1
          FROM unnest(source.taken) AS piece;
    END LOOP;
END
$$;


-- Give what a suspension still holds back to the state it had: the suspension's own entry says
-- which, and the copy's first entry says which co-claim a seat is reserved for.
CREATE OR REPLACE FUNCTION ledger_lift(p_suspension uuid, p_by uuid, p_at timestamptz)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moved bigint;
    issuances uuid[];
    ids uuid[];
BEGIN
    WITH held AS (
        SELECT h.issuance_id, h.id, e.from_state
          FROM registry_holding h
          JOIN registry_entry e
            ON e."order" = h."order" AND e.issuance_id = h.issuance_id AND e.copy = h.copy
           AND e.version = h.version AND e.serials @> h.serials
         WHERE h."order" = p_suspension AND h.state = 'suspended'
         ORDER BY h.issuance_id, h.id
           FOR UPDATE OF h
    ), lifted AS (
        UPDATE registry_holding h
           SET state = held.from_state, version = h.version + 1,
               "order" = CASE WHEN held.from_state = 'reserved' THEN (
                    SELECT made."order"
                      FROM registry_entry made
                     WHERE made.issuance_id = h.issuance_id AND made.copy = h.copy
                       AND made.version = 1 AND made.serials @> h.serials) END
          FROM held
         WHERE h.issuance_id = held.issuance_id AND h.id = held.id
        RETURNING h.*
    ), entered AS (
        INSERT INTO registry_entry
            (id, issuance_id, copy, serials, version, kind, "order", from_account_id, from_state,
             to_account_id, to_state, layer, transfers, by_id, at)
        SELECT ledger_uuid7(), issuance_id, copy, serials, version, 'lift', p_suspension,
               account_id, 'suspended', account_id, state, layer, transfers, p_by, p_at
          FROM lifted
    )
    SELECT coalesce(sum(upper(serials) - lower(serials)), 0), array_agg(issuance_id), array_agg(id)
      INTO moved, issuances, ids
      FROM lifted;
    IF moved > 0 THEN
        PERFORM ledger_join(issuances, ids);
    END IF;
    RETURN moved;
END
$$;
