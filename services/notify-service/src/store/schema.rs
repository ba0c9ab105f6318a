//! The tables that are used through the query builder, as the migrations make them.

diesel::table! {
    person (workspace_id, person_id) {
        workspace_id -> Uuid,
        person_id -> Uuid,
        name -> Text,
        email -> Text,
        language -> Text,
        time_zone -> Text,
        role -> Text,
        epoch -> BigInt,
        removed -> Bool,
        version -> BigInt,
    }
}

diesel::table! {
    preference (workspace_id, person_id) {
        workspace_id -> Uuid,
        person_id -> Uuid,
        mail -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    notification (id) {
        id -> Uuid,
        event_id -> Uuid,
        workspace_id -> Uuid,
        recipient_id -> Uuid,
        kind -> Text,
        reason -> Text,
        task_id -> Uuid,
        board_id -> Nullable<Uuid>,
        board_name -> Nullable<Text>,
        title -> Text,
        actor_id -> Nullable<Uuid>,
        actor_name -> Nullable<Text>,
        fields -> Jsonb,
        occurred_at -> Timestamptz,
        created_at -> Timestamptz,
        read_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    invitation_mail (delivery_id) {
        delivery_id -> Uuid,
        invitation_id -> Uuid,
        email -> Text,
        language -> Text,
        workspace_name -> Text,
        invited_by -> Text,
    }
}

diesel::table! {
    account_mail (delivery_id) {
        delivery_id -> Uuid,
        kind -> Text,
        link_id -> Nullable<Uuid>,
        notice -> Nullable<Text>,
        email -> Text,
        language -> Text,
        name -> Text,
        time_zone -> Nullable<Text>,
        device -> Nullable<Text>,
        place -> Nullable<Text>,
        occurred_at -> Timestamptz,
    }
}

diesel::table! {
    mail (id) {
        id -> Uuid,
        workspace_id -> Uuid,
        purpose -> Text,
        recipient_id -> Nullable<Uuid>,
        address -> Text,
        subject -> Text,
        body_text -> Text,
        body_html -> Text,
        created_at -> Timestamptz,
    }
}

// Whether a mail was written to somebody is asked of their row.
diesel::allow_tables_to_appear_in_same_query!(mail, person);
