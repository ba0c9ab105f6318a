//! The API document.

use problem::ProblemBody;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::Object;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Required, ResponseBuilder};
use utoipa::{Modify, OpenApi as _};

use super::{boards, changes, columns, comments, export, tasks};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Onus: task-service", version = "1", description = "Boards, columns, tasks and comments."),
    paths(
        boards::list, boards::create, boards::read, boards::edit, boards::delete, boards::restore,
        changes::follow,
        columns::create, columns::edit, columns::relocate, columns::delete,
        tasks::create, tasks::list, tasks::read, tasks::edit, tasks::relocate, tasks::delete, tasks::restore,
        comments::list, comments::create,
        export::me,
    ),
    components(schemas(ProblemBody)),
    modifiers(&Common)
)]
struct Document;

/// The API document of the public port.
#[must_use]
pub(crate) fn document() -> OpenApi {
    Document::openapi()
}

/// What every operation has: a bearer token, problems, and for writes their headers.
struct Common;

impl Modify for Common {
    fn modify(&self, document: &mut OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .build();
        if let Some(components) = &mut document.components {
            components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        }
        for (path, item) in &mut document.paths.paths {
            for (operation, seen, writes) in operations(path, item) {
                decorate(operation, seen, writes);
            }
        }
    }
}

/// The operations of a path, whether each needs a version, and whether it writes.
fn operations<'a>(
    path: &str,
    item: &'a mut PathItem,
) -> impl Iterator<Item = (&'a mut Operation, bool, bool)> {
    let versioned_post = path.ends_with("/move") || path.ends_with("/restore");
    [
        (item.get.as_mut(), false, false),
        (item.post.as_mut(), versioned_post, true),
        (item.patch.as_mut(), true, true),
        (item.delete.as_mut(), true, true),
    ]
    .into_iter()
    .filter_map(|(operation, seen, writes)| operation.map(|operation| (operation, seen, writes)))
}

fn decorate(operation: &mut Operation, seen: bool, writes: bool) {
    let schema = Ref::from_schema_name("ProblemBody");
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let problem = ResponseBuilder::new()
        .description("What went wrong: the `code` tells programs, `errors` names the fields.")
        .content("application/problem+json", content)
        .build();
    operation
        .responses
        .responses
        .insert("default".to_owned(), RefOr::T(problem));
    let parameters = operation.parameters.get_or_insert_default();
    let mut header = |name: &str, required: Required, text: &str| {
        let string = Object::with_type(utoipa::openapi::schema::Type::String);
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(required)
            .description(Some(text))
            .schema(Some(string))
            .build();
        parameters.push(RefOr::T(parameter));
    };
    if seen {
        header(
            "If-Match",
            Required::True,
            "The version you have seen, as in the ETag.",
        );
    }
    if writes {
        header(
            "Idempotency-Key",
            Required::False,
            "Makes it safe to send the request again.",
        );
    }
}
