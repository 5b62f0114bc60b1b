-- Co-claim (9.3): the primary's units get their layer, and copies of the same serials come into
-- being for the others. A seat without an account is reserved for the co-claim until it is named.
CREATE OR REPLACE FUNCTION ledger_co_claim(
    p_co_claim uuid, p_account uuid, p_layer smallint,
    p_issuances uuid[], p_firsts bigint[], p_lasts bigint[],
    p_seat_copies smallint[], p_seat_layers smallint[], p_seat_accounts uuid[],
    p_by uuid, p_at timestamptz
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
-- As in ledger_take.
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_seqscan = off
AS $$
DECLARE
    issuances uuid[];
    ids uuid[];
BEGIN
    PERFORM ledger_take(
        'co_claim', p_co_claim, p_account, '{active}', 'active', p_layer,
        p_issuances, array_fill(1::smallint, ARRAY[cardinality(p_issuances)]), p_firsts, p_lasts,
        p_by, p_at);

    WITH made AS (
        INSERT INTO registry_holding
            (id, issuance_id, copy, serials, account_id, state, layer, "order", transfers, version)
        SELECT ledger_uuid7(), line.issuance, seat.copy, int8range(line.first, line.last, '[]'),
               seat.account, CASE WHEN seat.account IS NULL THEN 'reserved' ELSE 'active' END,
               seat.layer, CASE WHEN seat.account IS NULL THEN p_co_claim END, 0, 1
          FROM unnest(p_issuances, p_firsts, p_lasts) AS line(issuance, first, last)
         CROSS JOIN unnest(p_seat_copies, p_seat_layers, p_seat_accounts)
               AS seat(copy, layer, account)
        RETURNING *
    ), entered AS (
        INSERT INTO registry_entry
            (id, issuance_id, copy, serials, version, kind, "order", from_state, to_account_id,
             to_state, layer, transfers, by_id, at)
        SELECT ledger_uuid7(), issuance_id, copy, serials, 1, 'co_claim', p_co_claim, '',
               account_id, state, layer, 0, p_by, p_at
          FROM made
    )
    SELECT array_agg(issuance_id), array_agg(id) INTO issuances, ids FROM made;

    SELECT issuances || array_agg(h.issuance_id), ids || array_agg(h.id) INTO issuances, ids
      FROM unnest(p_issuances, p_firsts, p_lasts) AS line(issuance, first, last)
      JOIN registry_holding h
        ON h.issuance_id = line.issuance AND h.copy = 1
       AND h.serials && int8range(line.first, line.last, '[]');
    PERFORM ledger_join(issuances, ids);
END
$$;


-- Name who holds a reserved seat: what is still reserved of it becomes active in their account.
CREATE OR REPLACE FUNCTION ledger_name_seat(
    p_co_claim uuid, p_copy smallint, p_account uuid, p_by uuid, p_at timestamptz
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    named bigint;
    issuances uuid[];
    ids uuid[];
BEGIN
    WITH seat AS (
        SELECT issuance_id, id
          FROM registry_holding
         WHERE "order" = p_co_claim AND copy = p_copy AND state = 'reserved'
           AND account_id IS NULL
         ORDER BY issuance_id, id
           FOR UPDATE
    ), taken AS (
        UPDATE registry_holding h
           SET account_id = p_account, state = 'active', "order" = NULL, version = h.version + 1
          FROM seat
         WHERE h.issuance_id = seat.issuance_id AND h.id = seat.id
        RETURNING h.*
    ), entered AS (
        INSERT INTO registry_entry
            (id, issuance_id, copy, serials, version, kind, "order", from_state, to_account_id,
             to_state, layer, transfers, by_id, at)
        SELECT ledger_uuid7(), issuance_id, copy, serials, version, 'name_seat', p_co_claim,
               'reserved', account_id, 'active', layer, transfers, p_by, p_at
          FROM taken
    )
    SELECT coalesce(sum(upper(serials) - lower(serials)), 0), array_agg(issuance_id), array_agg(id)
      INTO named, issuances, ids
      FROM taken;
    IF named > 0 THEN
        PERFORM ledger_join(issuances, ids);
    END IF;
    RETURN named;
END
$$;
