//! A managed database (RDS, Aurora): its administrator makes roles and databases, and is no superuser.

use diesel::sql_types::Text;
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
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
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
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

fn settings(user: &str, place: &str) -> Settings {
    Settings::for_url(SecretString::from(format!("postgres://{user}@{place}")))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_without_superuser_migrates_and_gives_the_service_its_password() {
    let (mut superuser, place) = server().await;
    let admin = settings(ADMIN, &place);
    assert_eq!(postgres::migrate_as(&admin, &SCHEMA).await.unwrap().len(), 2);
    assert!(
        postgres::migrate_as(&admin, &SCHEMA).await.unwrap().is_empty(),
        "a second time changes nothing"
    );

    for password in ["correct horse battery staple", "it's \"quoted\" \\ $$ 한글"] {
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

    let mut service = settings("onus_managed", &place);
    service.password = Some(SecretString::from("it's \"quoted\" \\ $$ 한글"));
    let database = Database::open(&service, "managed", "onus-test").unwrap();
    let mut connection = database.read().await.unwrap();
    diesel::sql_query("SELECT count(*) FROM idempotency_key")
        .execute(&mut connection)
        .await
        .unwrap();
    let mut owner = AsyncPgConnection::establish(&format!("postgres://onus_managed_owner@{place}")).await;
    assert!(owner.is_err(), "nobody signs in as the owner");
    owner = AsyncPgConnection::establish(&format!("postgres://onus_managed@{place}")).await;
    let refused = owner.unwrap().batch_execute("SET ROLE onus_managed_owner").await;
    assert!(refused.is_err(), "and the service cannot become it");
}
