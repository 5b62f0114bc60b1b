-- Refuse a step of a transfer that a block on either of its accounts kept from being stored: BL005.
CREATE OR REPLACE FUNCTION transfer_stands_still(p_stored bigint) RETURNS void
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF p_stored = 0 THEN
        RAISE EXCEPTION 'a block on an account keeps a transfer where it is'
            USING ERRCODE = 'BL005';
    END IF;
END
$$;
