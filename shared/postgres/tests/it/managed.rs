//! A managed database (RDS, Aurora): its administrator makes roles and databases, and is no superuser.

use diesel::sql_types::Text;
use diesel_async::{AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use postgres::{Database, Schema, Settings};
use secrecy::SecretString;
use uuid::Uuid;

use crate::fresh;

/// Roles belong to the whole server, so these schemas have names of their own.
const BASE: Schema = Schema {
    name: "managed_base",
    sources: || vec![postgres::MIGRATIONS],
    requires: &[],
    after: &[],
};
const SCHEMA: Schema = Schema {
    name: "managed",
    sources: || vec![postgres::MIGRATIONS],
    requires: &[|| BASE],
    after: &[],
};
const ADMIN: &str = "onus_managed_administrator";
const PASSWORD: &str = "managed";

#[derive(diesel::QueryableByName)]
struct Verifier {
    #[diesel(sql_type = Text)]
    rolpassword: String,
}

/// An empty database that belongs to an administrator of this kind; gives the URL without the user.
async fn server() -> (AsyncPgConnection, String) {
    let (test, _) = fresh().await;
    let mut superuser = test.admin("public").await;
    let name = format!("onus_test_{}", Uuid::now_v7().simple());
    let role = format!(
        "DO $$ BEGIN CREATE ROLE {ADMIN} LOGIN CREATEROLE CREATEDB;
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
         ALTER ROLE {ADMIN} PASSWORD '{PASSWORD}'"
    );
    superuser.batch_execute(&role).await.unwrap();
    superuser
        .batch_execute(&format!("CREATE DATABASE {name} OWNER {ADMIN}"))
        .await
        .unwrap();
    let url = test.admin_url();
    let (_, place) = url.rsplit_once('@').unwrap();
    let (place, _) = place.rsplit_once('/').unwrap();
    (superuser, format!("{place}/{name}"))
}

fn settings(user: &str, password: &str, place: &str) -> Settings {
    let mut settings = Settings::for_url(SecretString::from(format!("postgres://{user}@{place}")));
    settings.password = Some(SecretString::from(password));
    settings
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_without_superuser_migrates_and_gives_the_service_its_password() {
    let (mut superuser, place) = server().await;
    let admin = settings(ADMIN, PASSWORD, &place);
    assert_eq!(postgres::migrate_as(&admin, &SCHEMA).await.unwrap().len(), 2);
    assert!(
        postgres::migrate_as(&admin, &SCHEMA).await.unwrap().is_empty(),
        "a second time changes nothing"
    );

    let awkward = "it's \"quoted\" \\ $$ 한글";
    for password in ["correct horse battery staple", awkward] {
        let password = SecretString::from(password);
        postgres::set_password(&admin, &SCHEMA, &password).await.unwrap();
    }
    let Verifier { rolpassword } =
        diesel::sql_query("SELECT rolpassword FROM pg_authid WHERE rolname = 'onus_managed'")
            .get_result(&mut superuser)
            .await
            .unwrap();
    assert!(
        rolpassword.starts_with("SCRAM-SHA-256$4096:"),
        "only a verifier is kept: {rolpassword}"
    );

    let service = settings("onus_managed", awkward, &place);
    let database = Database::open(&service, "managed", "onus-test").unwrap();
    let mut connection = database.read().await.unwrap();
    diesel::sql_query("SELECT count(*) FROM idempotency_key")
        .execute(&mut connection)
        .await
        .unwrap();
    let refused = connection.batch_execute("SET ROLE onus_managed_owner").await;
    assert!(refused.is_err(), "the service cannot become the owner");
    let owner = settings("onus_managed_owner", awkward, &place);
    let owner = Database::open(&owner, "managed", "onus-test").unwrap();
    assert!(owner.read().await.is_err(), "as whom nobody signs in");
}
