-- What the checks of registry_holding and registry_entry ask. Postgres reads and plans a check's own
-- expression for every statement anew, but plans a function of plpgsql once a session. None of
-- these answers NULL, which a check would let pass.

CREATE OR REPLACE FUNCTION holding_is_a_range(p_serials int8range) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    -- Empty and unbounded ranges have no lower or no upper serial.
    RETURN coalesce(lower(p_serials), 0) >= 1 AND upper(p_serials) IS NOT NULL;
END
$$;

CREATE OR REPLACE FUNCTION holding_has_a_state(p_state text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN p_state IS NOT NULL AND p_state IN (
        'active', 'reserved', 'retiring', 'suspended', 'retired', 'cancelled', 'expired');
END
$$;

-- A seat that was never named has no account all along, whatever becomes of it.
CREATE OR REPLACE FUNCTION holding_has_an_account(
    p_account uuid, p_copy smallint, p_state text
) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN p_account IS NOT NULL
        OR coalesce(p_copy >= 2 AND p_state IN ('reserved', 'suspended', 'cancelled'), false);
END
$$;

-- A transfer, retirement, suspension or cancellation has the units in these states, and in no other.
CREATE OR REPLACE FUNCTION holding_has_its_order(p_state text, p_order uuid) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (p_order IS NOT NULL) = coalesce(
        p_state IN ('reserved', 'retiring', 'suspended', 'retired', 'cancelled'), false);
END
$$;
