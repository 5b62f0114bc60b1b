-- The role that web processes take on (SET ROLE). It reads and writes rows, owns nothing, and may
-- not change or remove what is append-only; triggers refuse that to everybody else as well.
DO $$
BEGIN
    CREATE ROLE billet_web NOLOGIN;
EXCEPTION
    -- Roles belong to the whole cluster: another database may have made it, even just now.
    WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;

DO $$
BEGIN
    EXECUTE format('GRANT billet_web TO %I', current_user);
EXCEPTION
    WHEN unique_violation OR invalid_grant_operation THEN NULL;
END
$$;

GRANT USAGE ON SCHEMA public TO billet_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO billet_web;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO billet_web;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO billet_web;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO billet_web;

REVOKE UPDATE, DELETE ON
    registry_entry, registry_issuance, registry_agreement, registry_agreementparty,
    registry_transferline, registry_retirement, registry_retirementline
    FROM billet_web;
