DROP INDEX entry_of_security;
