-- Remove every function of the ledger, whatever arguments it had in an earlier version.
DO $$
DECLARE
    old regprocedure;
BEGIN
    FOR old IN
        SELECT oid FROM pg_proc
         WHERE pronamespace = current_schema()::regnamespace AND proname = ANY (ARRAY[
            'ledger_uuid7', 'ledger_left', 'ledger_carve', 'ledger_join', 'ledger_issue',
            'ledger_take', 'ledger_take_one', 'ledger_settle', 'ledger_settle_one', 'ledger_co_claim',
            'ledger_name_seat', 'ledger_suspend', 'ledger_lift', 'ledger_expire',
            'ledger_hold_retired', 'ledger_alone'])
    LOOP
        EXECUTE format('DROP FUNCTION %s', old);
    END LOOP;
END
$$;
