-- Lock what is retired of these ranges, of whichever copy, until the transaction ends: retired units
-- stand still, and yet two may judge them at once. Each line is one look into the ledger's own
-- index; rows are locked in the order of their keys.
CREATE OR REPLACE FUNCTION ledger_hold_retired(
    p_issuances uuid[], p_firsts bigint[], p_lasts bigint[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM h.id
       FROM registry_holding h
      WHERE (h.issuance_id, h.id) IN (
            SELECT found.issuance_id, found.id
              FROM unnest(p_issuances, p_firsts, p_lasts) AS line(issuance, first, last)
             CROSS JOIN LATERAL (SELECT issuance_id, id FROM registry_holding
                                  WHERE issuance_id = line.issuance AND copy IN (1, 2, 3)
                                    AND serials && int8range(line.first, line.last, '[]')
                                    AND state = 'retired'
                                 OFFSET 0) AS found)
      ORDER BY h.id
        FOR UPDATE;
END
$$;
