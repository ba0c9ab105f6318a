//! The tables as diesel sees them; `migrations/` is where they are made.

diesel::table! {
    person (id) {
        id -> Uuid,
        email -> Text,
        name -> Text,
        language -> Text,
        time_zone -> Text,
        created_at -> Timestamptz,
        email_verified_at -> Nullable<Timestamptz>,
        erased_at -> Nullable<Timestamptz>,
        kind -> Text,
        picture -> Nullable<Text>,
    }
}

diesel::table! {
    picture (person_id) {
        person_id -> Uuid,
        chosen -> Bool,
        media_type -> Nullable<Text>,
        bytes -> Nullable<Bytea>,
        issuer -> Nullable<Text>,
        url -> Nullable<Text>,
        due_at -> Nullable<Timestamptz>,
        tries -> Int4,
        fetched_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    password_credential (person_id) {
        person_id -> Uuid,
        hash -> Text,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    workspace (id) {
        id -> Uuid,
        name -> Text,
        created_at -> Timestamptz,
        require_second_factor -> Bool,
        version -> Int8,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    membership (workspace_id, person_id) {
        workspace_id -> Uuid,
        person_id -> Uuid,
        role -> Text,
        version -> Int8,
        epoch -> Int8,
        joined_at -> Timestamptz,
        removed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    session (id) {
        id -> Uuid,
        workspace_id -> Uuid,
        person_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        end_reason -> Nullable<Text>,
        device -> Text,
        place -> Text,
        last_used_at -> Timestamptz,
        proved_at -> Timestamptz,
        issuer -> Nullable<Text>,
        issuer_session -> Nullable<Text>,
        kind -> Text,
    }
}

diesel::table! {
    api_token (id) {
        id -> Uuid,
        token_hash -> Bytea,
        name -> Text,
        scopes -> Text,
        hint -> Text,
        last_used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    service_account (person_id) {
        person_id -> Uuid,
        workspace_id -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    revocation (id) {
        id -> Int8,
        session_id -> Uuid,
        minimum_epoch -> Int8,
        made_at -> Timestamptz,
        position -> Nullable<Int8>,
    }
}

diesel::table! {
    revocation_head (singleton) {
        singleton -> Bool,
        position -> Int8,
    }
}

diesel::table! {
    refresh_token (token_hash) {
        token_hash -> Bytea,
        session_id -> Uuid,
        issued_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    invitation (id) {
        id -> Uuid,
        workspace_id -> Uuid,
        email -> Text,
        role -> Text,
        language -> Text,
        invited_by -> Uuid,
        nonce -> Bytea,
        version -> Int8,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        withdrawn_at -> Nullable<Timestamptz>,
        accepted_at -> Nullable<Timestamptz>,
        accepted_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    signing_key (kid) {
        kid -> Text,
        modulus -> Bytea,
        exponent -> Bytea,
        sealed_private -> Bytea,
        created_at -> Timestamptz,
        retired_at -> Nullable<Timestamptz>,
        signs_from -> Timestamptz,
    }
}

diesel::table! {
    account_link (id) {
        id -> Uuid,
        purpose -> Text,
        person_id -> Nullable<Uuid>,
        nonce -> Bytea,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
        email -> Nullable<Text>,
    }
}

diesel::table! {
    address_note (id) {
        id -> Uuid,
        kind -> Text,
        email -> Text,
        device -> Text,
        place -> Text,
        made_at -> Timestamptz,
        language -> Text,
    }
}

diesel::table! {
    throttle (key) {
        key -> Bytea,
        failures -> Int4,
        last_at -> Timestamptz,
    }
}

diesel::table! {
    totp (person_id) {
        person_id -> Uuid,
        sealed_secret -> Bytea,
        created_at -> Timestamptz,
        confirmed_at -> Nullable<Timestamptz>,
        last_step -> Int8,
    }
}

diesel::table! {
    recovery_code (person_id, code_hash) {
        person_id -> Uuid,
        code_hash -> Bytea,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    sign_in_ticket (ticket_hash) {
        ticket_hash -> Bytea,
        person_id -> Uuid,
        tries -> Int4,
        expires_at -> Timestamptz,
        issuer -> Nullable<Text>,
        issuer_session -> Nullable<Text>,
    }
}

diesel::table! {
    passkey (id) {
        id -> Uuid,
        person_id -> Uuid,
        credential_id -> Bytea,
        credential -> Jsonb,
        name -> Text,
        created_at -> Timestamptz,
        last_used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    used_ceremony (id) {
        id -> Uuid,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    external_identity (id) {
        id -> Uuid,
        person_id -> Uuid,
        issuer -> Text,
        subject -> Text,
        email -> Nullable<Text>,
        name -> Nullable<Text>,
        picture -> Nullable<Text>,
        linked_at -> Timestamptz,
        last_used_at -> Nullable<Timestamptz>,
    }
}

diesel::joinable!(api_token -> session (id));
diesel::joinable!(membership -> person (person_id));
diesel::joinable!(membership -> workspace (workspace_id));
diesel::joinable!(password_credential -> person (person_id));
diesel::joinable!(picture -> person (person_id));
diesel::joinable!(refresh_token -> session (session_id));
diesel::joinable!(service_account -> person (person_id));
diesel::joinable!(session -> workspace (workspace_id));
diesel::joinable!(invitation -> workspace (workspace_id));
diesel::joinable!(invitation -> person (invited_by));
diesel::allow_tables_to_appear_in_same_query!(
    person,
    password_credential,
    picture,
    workspace,
    membership,
    session,
    refresh_token,
    api_token,
    service_account,
    invitation,
);
