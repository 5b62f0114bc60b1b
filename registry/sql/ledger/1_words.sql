-- The ledger's writes, one round trip each. Called by registry/ledger.py and by nothing else.
--
-- A range is given as first and last serial, both inclusive. Sources are locked in primary-key
-- order. Refusals are SQLSTATEs of our own, with what the caller has to know as JSON in DETAIL:
-- BL001 units are not there, BL002 co-claimed units never change hands, BL003 orders are open,
-- BL004 an order has nothing to settle.
--
-- The functions that registry/ledger.py calls run as their owner: the web's role may write neither
-- holdings nor entries by itself (ledger_rights.sql).

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

-- Where Postgres has its own it costs a tenth.
DO $$
BEGIN
    IF to_regprocedure('uuidv7()') IS NOT NULL THEN
        CREATE OR REPLACE FUNCTION ledger_uuid7() RETURNS uuid
        LANGUAGE sql VOLATILE AS 'SELECT uuidv7()';
    END IF;
END
$$;


-- What an account still has of these issuances in these states, as JSON for a refusal.
CREATE OR REPLACE FUNCTION ledger_left(p_account uuid, p_issuances uuid[], p_states text[])
RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT coalesce(json_agg(json_build_object(
               'issuance', issuance_id, 'copy', copy,
               'first', lower(serials), 'last', upper(serials) - 1)
               ORDER BY issuance_id, copy, lower(serials))::text, '[]')
      FROM registry_holding
     WHERE account_id IS NOT DISTINCT FROM p_account AND state = ANY (p_states)
       AND issuance_id = ANY (p_issuances)
$$;


-- Give part of one locked holding another state under an order; the rest stays as it is.
-- Active and expired units belong to no order: there p_order is the entry's alone.
CREATE OR REPLACE FUNCTION ledger_carve(
    p_source registry_holding, p_taken int8multirange, p_kind text, p_order uuid,
    p_to_state text, p_layer smallint, p_by uuid, p_at timestamptz
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    taken int8multirange := int8multirange(p_source.serials) * p_taken;
    kept int8multirange := int8multirange(p_source.serials) - p_taken;
    holder uuid := CASE WHEN p_to_state NOT IN ('active', 'expired') THEN p_order END;
    new_layer smallint := coalesce(p_layer, p_source.layer);
    moved bigint := p_source.version + 1;
BEGIN
    IF isempty(kept) THEN
        UPDATE registry_holding
           SET state = p_to_state, "order" = holder, layer = new_layer, version = moved
         WHERE issuance_id = p_source.issuance_id AND id = p_source.id;
    ELSE
        -- Shrink the row in place to the first range kept, then insert what it gave up.
        UPDATE registry_holding SET serials = (SELECT unnest(kept) LIMIT 1)
         WHERE issuance_id = p_source.issuance_id AND id = p_source.id;
        INSERT INTO registry_holding
            (id, issuance_id, copy, serials, account_id, state, layer, "order", transfers, version)
        SELECT ledger_uuid7(), p_source.issuance_id, p_source.copy, piece, p_source.account_id,
               p_source.state, p_source.layer, p_source."order", p_source.transfers,
               p_source.version
          FROM (SELECT unnest(kept) AS piece OFFSET 1) AS rest
         UNION ALL
        SELECT ledger_uuid7(), p_source.issuance_id, p_source.copy, piece, p_source.account_id,
               p_to_state, new_layer, holder, p_source.transfers, moved
          FROM unnest(taken) AS piece;
    END IF;
    INSERT INTO registry_entry
        (id, issuance_id, copy, serials, version, kind, "order", from_account_id, from_state,
         to_account_id, to_state, layer, transfers, by_id, at)
    SELECT ledger_uuid7(), p_source.issuance_id, p_source.copy, piece, moved, p_kind, p_order,
           p_source.account_id, p_source.state, p_source.account_id, p_to_state, new_layer,
           p_source.transfers, p_by, p_at
      FROM unnest(taken) AS piece;
END
$$;


-- Join active ranges with active neighbours of the same account and past, so that fragments do
-- not pile up. A neighbour somebody else has locked is left alone: joining is a courtesy, never
-- a wait. Ranges that neighbour one another are joined too.
CREATE OR REPLACE FUNCTION ledger_join(p_issuances uuid[], p_ids uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    beside_issuances uuid[];
    beside_ids uuid[];
    island record;
BEGIN
    SELECT array_agg(n.issuance_id), array_agg(n.id) INTO beside_issuances, beside_ids
      FROM unnest(p_issuances, p_ids) AS moved(issuance, id)
      JOIN registry_holding h
        ON h.issuance_id = moved.issuance AND h.id = moved.id AND h.state = 'active'
     CROSS JOIN LATERAL (
        SELECT issuance_id, id
          FROM registry_holding
         WHERE issuance_id = h.issuance_id AND copy = h.copy AND serials -|- h.serials
           -- Not an equality: see ledger_take.
           AND account_id IS NOT DISTINCT FROM h.account_id AND state = 'active'
           AND transfers = h.transfers AND layer IS NOT DISTINCT FROM h.layer
           FOR UPDATE SKIP LOCKED
     ) AS n;
    IF beside_ids IS NULL THEN RETURN; END IF;
    FOR island IN
        SELECT issuance_id, array_agg(id ORDER BY first) AS ids,
               range_merge(range_agg(serials)) AS joined, max(version) AS newest
          FROM (
            SELECT *, sum(starts) OVER (PARTITION BY issuance_id, copy, account_id, transfers, layer
                                            ORDER BY first) AS number
              FROM (
                SELECT h.issuance_id, h.copy, h.account_id, h.transfers, h.layer, h.id, h.serials,
                       h.version, lower(h.serials) AS first,
                       (lag(upper(h.serials)) OVER (
                           PARTITION BY h.issuance_id, h.copy, h.account_id, h.transfers, h.layer
                               ORDER BY lower(h.serials))
                        IS DISTINCT FROM lower(h.serials))::int AS starts
                  FROM (SELECT DISTINCT issuance, id
                          FROM unnest(p_issuances || beside_issuances, p_ids || beside_ids)
                               AS each(issuance, id)) AS met
                  JOIN registry_holding h
                    ON h.issuance_id = met.issuance AND h.id = met.id AND h.state = 'active'
              ) AS marked
          ) AS numbered
         GROUP BY issuance_id, copy, account_id, transfers, layer, number
        HAVING count(*) > 1
    LOOP
        DELETE FROM registry_holding
         WHERE issuance_id = island.issuance_id AND id = ANY (island.ids[2:]);
        UPDATE registry_holding SET serials = island.joined, version = island.newest
         WHERE issuance_id = island.issuance_id AND id = island.ids[1];
    END LOOP;
END
$$;


-- Whether units are co-claimed; refused where they have to be nobody else's.
CREATE OR REPLACE FUNCTION ledger_alone(p_shared boolean, p_alone boolean) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF p_shared AND p_alone THEN
        RAISE EXCEPTION 'co-claimed units never change hands' USING ERRCODE = 'BL002';
    END IF;
    RETURN p_shared;
END
$$;
