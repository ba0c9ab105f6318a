-- A key is published first and signs later, when every verifier has had the time to fetch it.
alter table signing_key add column signs_from timestamptz;
update signing_key set signs_from = created_at;
alter table signing_key alter column signs_from set not null;
