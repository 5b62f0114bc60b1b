-- The web's role writes holdings and entries through the ledger's own functions or not at all. So
-- the issuance and the accounts of an entry need no foreign keys of their own, which would ask and
-- lock three times for each entry: they are those of the holding that moved, which has them, and
-- accounts are never deleted. To be run whenever the functions have been made anew, since their
-- rights go with them.
REVOKE INSERT, UPDATE, DELETE ON registry_holding, registry_entry FROM billet_web;

DO $$
DECLARE
    each regprocedure;
BEGIN
    FOR each IN
        SELECT oid FROM pg_proc
         WHERE pronamespace = current_schema()::regnamespace AND starts_with(proname, 'ledger_')
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', each);
    END LOOP;
    FOR each IN
        SELECT oid FROM pg_proc
         WHERE pronamespace = current_schema()::regnamespace AND proname = ANY (ARRAY[
            'ledger_issue', 'ledger_take', 'ledger_settle', 'ledger_co_claim', 'ledger_name_seat',
            'ledger_suspend', 'ledger_lift', 'ledger_expire', 'ledger_hold_retired'])
    LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO billet_web', each);
    END LOOP;
END
$$;
