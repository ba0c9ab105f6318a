//! The checks, in order.

use anyhow::Result;

use super::Work::{Beside, InTurn};
use super::{Check, Count, end_to_end, rust, web};
use crate::cloud::{actionlint, linters, modules, plans};
use crate::{generated, lint, routes};

/// In order: seconds first, minutes last; what is built for one is used by the next.
pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "rust format",
        work: InTurn(|house, progress| one(lint::format(house.session, true, progress))),
    },
    Check {
        name: "web client fresh",
        work: InTurn(|house, progress| one(generated::web_client(house.session, true, progress))),
    },
    Check {
        name: "web lint",
        work: InTurn(|house, progress| one(lint::web_script(house.session, "lint", progress))),
    },
    Check {
        name: "web types",
        work: InTurn(|house, progress| one(lint::web_script(house.session, "typecheck", progress))),
    },
    Check {
        name: "web unit tests",
        work: InTurn(web::unit),
    },
    Check {
        name: "web build",
        work: InTurn(|house, progress| one(crate::tools::web::build(house.session, progress))),
    },
    Check {
        name: "build and clippy",
        work: InTurn(rust::lint),
    },
    Check {
        name: "invariants",
        work: InTurn(rust::invariants),
    },
    Check {
        name: "event schemas fresh",
        work: InTurn(|house, progress| {
            rust::build(house.session, progress)?;
            one(generated::schemas(house.session, true, progress))
        }),
    },
    Check {
        name: "openapi fresh",
        work: InTurn(|house, progress| {
            rust::build(house.session, progress)?;
            one(generated::openapi(house.session, true))
        }),
    },
    Check {
        name: "routes fresh",
        work: InTurn(|house, _| one(routes::routes(house.session, true))),
    },
    Check {
        name: "cloud terraform format",
        work: Beside(modules::format),
    },
    Check {
        name: "cloud terraform modules",
        work: Beside(modules::modules),
    },
    Check {
        name: "cloud terraform roots",
        work: Beside(modules::roots),
    },
    Check {
        name: "cloud plan dev",
        work: Beside(|session, progress| plans::plan(session, "dev", progress)),
    },
    Check {
        name: "cloud plan prod",
        work: Beside(|session, progress| plans::plan(session, "prod", progress)),
    },
    Check {
        name: "cloud checkov",
        work: Beside(linters::checkov),
    },
    Check {
        name: "cloud hadolint",
        work: Beside(linters::hadolint),
    },
    Check {
        name: "cloud shellcheck",
        work: Beside(linters::shellcheck),
    },
    Check {
        name: "cloud zizmor",
        work: Beside(linters::zizmor),
    },
    Check {
        name: "cloud actionlint",
        work: Beside(actionlint::actionlint),
    },
    Check {
        name: "rust tests",
        work: InTurn(rust::tests),
    },
    Check {
        name: "browser tests",
        work: InTurn(end_to_end::run),
    },
];

/// A check that passes or fails as a whole.
pub(super) fn one<T>(result: Result<T>) -> Result<Count> {
    result.map(|_| Count::ONE)
}
