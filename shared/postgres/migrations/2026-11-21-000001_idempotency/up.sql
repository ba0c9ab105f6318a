-- First answers by idempotency key, written in the transaction of the work they answer.
CREATE TABLE idempotency_key (
  scope       text        NOT NULL,
  key         text        NOT NULL,
  fingerprint bytea       NOT NULL,
  answer      text        NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_key_age ON idempotency_key (created_at);
