-- Units come into being: serials 1 to the quantity, active in the issuer's account.
CREATE OR REPLACE FUNCTION ledger_issue(
    p_issuance uuid, p_account uuid, p_quantity bigint, p_by uuid, p_at timestamptz
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
