-- Take one range out of one holding, which is what nearly every transfer and retirement does; NULL
-- where no single holding has it all, else whether it is co-claimed. What ledger_take does, by fewer statements: the row is locked
-- here, so its place (ctid) stands until the transaction ends, and no index is asked for it again.
CREATE OR REPLACE FUNCTION ledger_take_one(
    p_kind text, p_order uuid, p_account uuid, p_from_states text[], p_to_state text,
    p_layer smallint, p_issuance uuid, p_copy smallint, p_first bigint, p_last bigint,
    p_by uuid, p_at timestamptz
) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    source record;
    taken int8range := int8range(p_first, p_last + 1);
    below int8range;
    above int8range;
    holder uuid := CASE WHEN p_to_state NOT IN ('active', 'expired') THEN p_order END;
    new_layer smallint;
    moved bigint;
BEGIN
    SELECT h.*, h.ctid AS place INTO source
      FROM registry_holding h
     WHERE h.issuance_id = p_issuance AND h.copy = p_copy AND h.serials @> taken
       -- Not an equality: see ledger_take.
       AND h.account_id IS NOT DISTINCT FROM p_account AND h.state = ANY (p_from_states)
       AND (p_layer IS NULL OR h.layer IS NULL)
       FOR UPDATE;
    IF NOT FOUND THEN RETURN NULL; END IF;
    below := int8range(lower(source.serials), p_first);
    above := int8range(p_last + 1, upper(source.serials));
    new_layer := coalesce(p_layer, source.layer);
    moved := source.version + 1;
    IF isempty(below) AND isempty(above) THEN
        UPDATE registry_holding
           SET state = p_to_state, "order" = holder, layer = new_layer, version = moved
         WHERE ctid = source.place AND issuance_id = p_issuance AND id = source.id;
        IF NOT FOUND THEN RAISE EXCEPTION 'a locked holding is not in its place'; END IF;
    ELSE
        UPDATE registry_holding SET serials = CASE WHEN isempty(below) THEN above ELSE below END
         WHERE ctid = source.place AND issuance_id = p_issuance AND id = source.id;
        IF NOT FOUND THEN RAISE EXCEPTION 'a locked holding is not in its place'; END IF;
        IF isempty(below) OR isempty(above) THEN
            INSERT INTO registry_holding
                (id, issuance_id, copy, serials, account_id, state, layer, "order", transfers,
                 version)
            VALUES (ledger_uuid7(), p_issuance, p_copy, taken, source.account_id, p_to_state,
                    new_layer, holder, source.transfers, moved);
        ELSE
            INSERT INTO registry_holding
                (id, issuance_id, copy, serials, account_id, state, layer, "order", transfers,
                 version)
            VALUES (ledger_uuid7(), p_issuance, p_copy, taken, source.account_id, p_to_state,
                    new_layer, holder, source.transfers, moved),
                   (ledger_uuid7(), p_issuance, p_copy, above, source.account_id, source.state,
                    source.layer, source."order", source.transfers, source.version);
        END IF;
    END IF;
    INSERT INTO registry_entry
        (id, issuance_id, copy, serials, version, kind, "order", from_account_id, from_state,
         to_account_id, to_state, layer, transfers, by_id, at)
    VALUES (ledger_uuid7(), p_issuance, p_copy, taken, moved, p_kind, p_order, source.account_id,
            source.state, source.account_id, p_to_state, new_layer, source.transfers, p_by, p_at);
    RETURN p_copy <> 1 OR source.layer IS NOT NULL;
END
$$;


-- Take ranges out of an account and give them a state under an order; whether any are co-claimed,
-- which p_alone refuses. p_layer: set on units that no layer has yet; NULL leaves the layer as it is.
CREATE OR REPLACE FUNCTION ledger_take(
    p_kind text, p_order uuid, p_account uuid, p_from_states text[], p_to_state text,
    p_layer smallint, p_issuances uuid[], p_copies smallint[], p_firsts bigint[], p_lasts bigint[],
    p_by uuid, p_at timestamptz, p_alone boolean DEFAULT false
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
-- Each line is one look into the index that refuses overlaps. A hash or merge join would go by
-- the issuance alone and compare every line with every holding; so would an index on the account,
-- which is why the account is asked for by IS NOT DISTINCT FROM, which no index answers. A plan
-- lives as long as its session, and one made while the table was small would read all of it.
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_seqscan = off
-- By the length of an array alone a plan for one call looks cheaper, and is then made at each call.
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    wanted bigint;
    locked bigint;
    before bigint := -1;
    source record;
    shared boolean;
BEGIN
    IF cardinality(p_issuances) = 1 THEN
        shared := ledger_take_one(p_kind, p_order, p_account, p_from_states, p_to_state, p_layer,
                                  p_issuances[1], p_copies[1], p_firsts[1], p_lasts[1], p_by, p_at);
        IF shared IS NOT NULL THEN RETURN ledger_alone(shared, p_alone); END IF;
    END IF;
    shared := false;

    SELECT sum(last - first + 1) INTO wanted
      FROM unnest(p_firsts, p_lasts) AS line(first, last);

    -- A statement that waited for a lock sees the row it waited for, but not the remainder that
    -- the other transaction inserted; so look again until a look finds nothing new.
    LOOP
        SELECT coalesce(sum(upper(part) - lower(part)), 0) INTO locked
          FROM (
            SELECT h.serials * int8range(line.first, line.last, '[]') AS part
              FROM unnest(p_issuances, p_copies, p_firsts, p_lasts)
                   AS line(issuance, copy, first, last)
              JOIN registry_holding h
                ON h.issuance_id = line.issuance AND h.copy = line.copy
               AND h.serials && int8range(line.first, line.last, '[]')
             WHERE h.account_id IS NOT DISTINCT FROM p_account AND h.state = ANY (p_from_states)
               AND (p_layer IS NULL OR h.layer IS NULL)
             ORDER BY h.issuance_id, h.id
               FOR UPDATE OF h
          ) AS parts;
        EXIT WHEN locked = wanted OR locked = before;
        before := locked;
    END LOOP;
    IF locked <> wanted THEN
        RAISE EXCEPTION 'wanted % units, % of them are there', wanted, locked
            USING ERRCODE = 'BL001', DETAIL = ledger_left(p_account, p_issuances, p_from_states);
    END IF;

    FOR source IN
        SELECT h AS holding, range_agg(int8range(line.first, line.last, '[]')) AS taken
          FROM unnest(p_issuances, p_copies, p_firsts, p_lasts)
               AS line(issuance, copy, first, last)
          JOIN registry_holding h
            ON h.issuance_id = line.issuance AND h.copy = line.copy
           AND h.serials && int8range(line.first, line.last, '[]')
         WHERE h.account_id IS NOT DISTINCT FROM p_account AND h.state = ANY (p_from_states)
         GROUP BY h.issuance_id, h.id
    LOOP
        PERFORM ledger_carve(source.holding, source.taken, p_kind, p_order, p_to_state, p_layer,
                             p_by, p_at);
        shared := shared OR (source.holding).copy <> 1 OR (source.holding).layer IS NOT NULL;
    END LOOP;
    RETURN ledger_alone(shared, p_alone);
END
$$;


-- Settle an order that has one holding, which is what nearly every order has; NULL where it has none
-- or more. What ledger_settle does, by fewer and shorter statements.
CREATE OR REPLACE FUNCTION ledger_settle_one(
    p_kind text, p_order uuid, p_from_state text, p_to_state text, p_to_account uuid,
    p_sender uuid, p_by uuid, p_at timestamptz
) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    was record;
    run int8range;
    account uuid;
    counted smallint;
BEGIN
    -- An order's units are taken at once, and nothing splits them while it has them.
    SELECT h.*, h.ctid AS place, i.producer_id INTO was
      FROM registry_holding h
      JOIN registry_issuance i ON i.id = h.issuance_id
     WHERE h."order" = p_order AND h.state = p_from_state AND h.account_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM registry_holding other
                        WHERE other."order" = p_order AND other.id <> h.id)
       FOR UPDATE OF h;
    IF NOT FOUND THEN RETURN NULL; END IF;

    -- Made anew, since a range of a stored row is packed, and is unpacked for each comparison of an
    -- index's page: the same range, written as it is compared.
    run := int8range(lower(was.serials), upper(was.serials));
    account := coalesce(p_to_account, was.account_id);
    counted := was.transfers + coalesce(was.producer_id <> p_sender, false)::int;
    UPDATE registry_holding
       SET account_id = account, state = p_to_state, serials = run,
           "order" = CASE WHEN p_to_state <> 'active' THEN p_order END,
           version = was.version + 1, transfers = counted
     WHERE ctid = was.place AND issuance_id = was.issuance_id AND id = was.id;
    IF NOT FOUND THEN RAISE EXCEPTION 'a locked holding is not in its place'; END IF;
    INSERT INTO registry_entry
        (id, issuance_id, copy, serials, version, kind, "order", from_account_id, from_state,
         to_account_id, to_state, layer, transfers, by_id, at)
    VALUES (ledger_uuid7(), was.issuance_id, was.copy, run, was.version + 1, p_kind, p_order,
            was.account_id, p_from_state, account, p_to_state, was.layer, counted, p_by, p_at);

    IF p_to_state = 'active' AND EXISTS (
        SELECT FROM registry_holding
         WHERE issuance_id = was.issuance_id AND copy = was.copy AND serials -|- run
           -- Not an equality: see ledger_take.
           AND account_id IS NOT DISTINCT FROM account AND state = 'active'
           AND transfers = counted AND layer IS NOT DISTINCT FROM was.layer)
    THEN
        PERFORM ledger_join(ARRAY[was.issuance_id], ARRAY[was.id]);
    END IF;
    RETURN upper(run) - lower(run);
END
$$;


-- Settle everything an order has in a state: into another account (accept), back where it was
-- (release, withdraw) or for good (finish). One statement moves it all; neighbours join.
-- p_sender: the selling organisation, NULL where nothing is sold; units that it did not issue
-- itself count one onward transfer more (R091). A reserved seat, which has no account, stays.
CREATE OR REPLACE FUNCTION ledger_settle(
    p_kind text, p_order uuid, p_from_state text, p_to_state text, p_to_account uuid,
    p_sender uuid, p_by uuid, p_at timestamptz
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off
-- As in ledger_take.
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    moved bigint;
    held record;
    issuances uuid[];
    ids uuid[];
BEGIN
    moved := ledger_settle_one(p_kind, p_order, p_from_state, p_to_state, p_to_account, p_sender,
                               p_by, p_at);
    IF moved IS NOT NULL THEN RETURN moved; END IF;

    -- Locked in one statement and moved in the next, which sees the rows that were waited for: so
    -- their places (ctid) hold, and no index is asked for them again.
    SELECT array_agg(issuance_id) AS issuances, array_agg(id) AS ids, array_agg(place) AS places,
           array_agg(account_id) AS accounts, array_agg(producer_id) AS producers INTO held
      FROM (
        SELECT h.issuance_id, h.id, h.ctid AS place, h.account_id, i.producer_id
          FROM registry_holding h
          JOIN registry_issuance i ON i.id = h.issuance_id
         WHERE h."order" = p_order AND h.state = p_from_state AND h.account_id IS NOT NULL
         ORDER BY h.issuance_id, h.id
           FOR UPDATE OF h
      ) AS locked;
    IF held.ids IS NULL THEN
        RAISE EXCEPTION 'order % has nothing %', p_order, p_from_state USING ERRCODE = 'BL004';
    END IF;

    WITH settled AS (
        UPDATE registry_holding h
           SET account_id = coalesce(p_to_account, was.account), state = p_to_state,
               -- Made anew: see ledger_settle_one.
               serials = int8range(lower(h.serials), upper(h.serials)),
               "order" = CASE WHEN p_to_state <> 'active' THEN p_order END,
               version = h.version + 1,
               transfers = h.transfers + coalesce(was.producer <> p_sender, false)::int
          FROM unnest(held.issuances, held.ids, held.places, held.accounts, held.producers)
               AS was(issuance, id, place, account, producer)
         WHERE h.ctid = was.place AND h.issuance_id = was.issuance AND h.id = was.id
        RETURNING h.*, was.account AS from_account_id
    ), entered AS (
        INSERT INTO registry_entry
            (id, issuance_id, copy, serials, version, kind, "order", from_account_id, from_state,
             to_account_id, to_state, layer, transfers, by_id, at)
        SELECT ledger_uuid7(), issuance_id, copy, serials, version, p_kind, p_order,
               from_account_id, p_from_state, account_id, state, layer, transfers, p_by, p_at
          FROM settled
    )
    SELECT coalesce(sum(upper(serials) - lower(serials)), 0), array_agg(issuance_id), array_agg(id)
      INTO moved, issuances, ids
      FROM settled;
    IF cardinality(ids) IS DISTINCT FROM cardinality(held.ids) THEN
        RAISE EXCEPTION 'a locked holding is not in its place';
    END IF;

    IF p_to_state = 'active' THEN
        PERFORM ledger_join(issuances, ids);
    END IF;
    RETURN moved;
END
$$;
