DROP FUNCTION IF EXISTS ledger_expire(uuid[], timestamptz);
DROP FUNCTION IF EXISTS ledger_join(uuid, smallint, int8range, uuid);
DROP FUNCTION IF EXISTS ledger_settle(text, uuid, uuid, uuid, uuid, timestamptz);
DROP FUNCTION IF EXISTS ledger_take(
    text, uuid, uuid, text, uuid[], smallint[], bigint[], bigint[], uuid, timestamptz);
DROP FUNCTION IF EXISTS ledger_left(uuid, uuid[]);
DROP FUNCTION IF EXISTS ledger_issue(uuid, uuid, bigint, uuid, timestamptz);
DROP FUNCTION IF EXISTS ledger_uuid7();
