//! The tables as diesel sees them; `migrations/` is where they are made.

diesel::table! {
    person (id) {
        id -> Uuid,
        email -> Text,
        name -> Text,
        language -> Text,
        time_zone -> Text,
        created_at -> Timestamptz,
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
    }
}

diesel::joinable!(membership -> person (person_id));
diesel::joinable!(membership -> workspace (workspace_id));
diesel::joinable!(password_credential -> person (person_id));
diesel::joinable!(refresh_token -> session (session_id));
diesel::joinable!(invitation -> workspace (workspace_id));
diesel::joinable!(invitation -> person (invited_by));
diesel::allow_tables_to_appear_in_same_query!(
    person,
    password_credential,
    workspace,
    membership,
    session,
    refresh_token,
    invitation,
);
