-- Expire the active units of issuances whose last day has passed (GAP-4), in every copy. Units
-- that an order has do not expire. Safe to run twice.
CREATE OR REPLACE FUNCTION ledger_expire(p_issuances uuid[], p_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moved bigint;
BEGIN
    WITH due AS (
        SELECT issuance_id, id
          FROM registry_holding
         WHERE issuance_id = ANY (p_issuances) AND state = 'active'
           -- In a blocked account nothing moves; the rules look at the date meanwhile.
           AND NOT EXISTS (SELECT FROM accounts_accountblock b
                            WHERE b.account_id = registry_holding.account_id
                              AND b.lifted_at IS NULL)
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
