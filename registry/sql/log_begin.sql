-- What was there before the log: people get their salts, and every record its event. By version, as
-- replay goes: clocks may have been set back.
INSERT INTO registry_logsalt (user_id, salt)
SELECT id, uuid_send(gen_random_uuid()) FROM accounts_user ON CONFLICT DO NOTHING;

INSERT INTO registry_logpending (event)
SELECT log_of_account(a) FROM accounts_account a ORDER BY id;

INSERT INTO registry_logpending (event)
SELECT log_of_issuance(i) FROM registry_issuance i ORDER BY issued_at, id;

INSERT INTO registry_logpending (event)
SELECT log_of_retirement(r) FROM registry_retirement r ORDER BY retired_at, id;

INSERT INTO registry_logpending (event)
SELECT log_of_entry(e, known.salt)
  FROM registry_entry e
  LEFT JOIN registry_logsalt known ON known.user_id = e.by_id
 ORDER BY e.version, e.at, e.id;
