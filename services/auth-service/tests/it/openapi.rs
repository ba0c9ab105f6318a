//! The API document.

use serde_json::Value;
use web_kit::Service as _;

#[test]
fn is_the_one_that_is_checked_in() {
    let document = auth_service::AuthService::openapi().to_pretty_json().unwrap();
    let checked_in = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json")).unwrap();
    assert_eq!(
        document.trim_end(),
        checked_in.trim_end(),
        "run `cargo xtask openapi`"
    );
}

#[test]
fn names_every_operation_like_a_verb() {
    let document = serde_json::to_value(auth_service::AuthService::openapi()).unwrap();
    let mut names: Vec<&str> = Vec::new();
    for path in document["paths"].as_object().unwrap().values() {
        names.extend(
            path.as_object()
                .unwrap()
                .values()
                .filter_map(|operation| operation["operationId"].as_str()),
        );
    }
    names.sort_unstable();
    let expected = [
        "acceptInvitation",
        "addPasskey",
        "beginPasskey",
        "beginPasskeySignIn",
        "beginPasskeyStepUp",
        "beginSignUp",
        "changeMemberRole",
        "changePassword",
        "completeExternal",
        "completeSignUp",
        "confirmApp",
        "createInvitation",
        "createServiceAccount",
        "createServiceAccountToken",
        "createToken",
        "createWorkspace",
        "deleteWorkspace",
        "editMe",
        "editWorkspace",
        "endOtherSessions",
        "endSession",
        "eraseMe",
        "exchangeToken",
        "exportMe",
        "externalCallback",
        "forgotPassword",
        "getJwks",
        "getMe",
        "getMemberPicture",
        "getOpenidConfiguration",
        "getSecondFactors",
        "getSignInOptions",
        "getWorkspace",
        "inspectInvitation",
        "leaveWorkspace",
        "linkIdentity",
        "listIdentities",
        "listInvitations",
        "listMembers",
        "listServiceAccounts",
        "listSessions",
        "listTokens",
        "listWorkspaces",
        "presentCode",
        "proposeApp",
        "providerLoggedOut",
        "refreshSession",
        "removeApp",
        "removeMember",
        "removeMyPicture",
        "removePasskey",
        "removeServiceAccount",
        "renewRecoveryCodes",
        "resetPassword",
        "revokeServiceAccountToken",
        "revokeToken",
        "sendVerification",
        "setMyPicture",
        "signIn",
        "signInWithPasskey",
        "signOut",
        "signUp",
        "startExternal",
        "stepUp",
        "switchWorkspace",
        "unlinkIdentity",
        "verifyAddress",
        "withdrawInvitation",
    ];
    assert_eq!(names, expected);
}

#[test]
fn every_reference_leads_somewhere() {
    let document = serde_json::to_value(auth_service::AuthService::openapi()).unwrap();
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(!references.is_empty());
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                references.push(reference.clone());
            }
            members.values().for_each(|member| collect(member, references));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        _ => {}
    }
}
