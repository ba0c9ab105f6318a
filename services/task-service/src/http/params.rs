//! The queries of requests. Unknown fields are refused, and every rule names its field.

use garde::Validate;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web_kit::text::line;

use super::rules::{instant, is_deadline};
use crate::domain::search::{Needle, composed};
use crate::domain::words::Status;
use crate::domain::{SEARCH_CHARS, labels};

/// Which boards.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct BoardQuery {
    /// Those in the trash instead of the live ones.
    #[serde(default)]
    #[garde(skip)]
    #[param(required = false)]
    pub deleted: bool,
    /// The `next` of the page before.
    #[garde(skip)]
    pub cursor: Option<String>,
    /// Items on the page.
    #[garde(range(min = 1, max = web_kit::MAX_LIMIT))]
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
}

/// Which tasks. All conditions must hold.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TaskQuery {
    /// On this board.
    #[garde(skip)]
    pub board: Option<Uuid>,
    /// With this person in charge.
    #[garde(skip)]
    pub pic: Option<Uuid>,
    /// In a column of this status.
    #[garde(skip)]
    pub status: Option<Status>,
    /// With a deadline at or after this.
    #[garde(custom(is_deadline))]
    pub deadline_from: Option<String>,
    /// With a deadline before this.
    #[garde(custom(is_deadline))]
    pub deadline_to: Option<String>,
    /// With this label.
    #[garde(custom(line(1, labels::MAX_LABEL_CHARS)))]
    pub label: Option<String>,
    /// With this text in title or description; upper and lower case are the same.
    #[garde(custom(line(1, SEARCH_CHARS)))]
    pub text: Option<String>,
    /// Those in the trash instead of the live ones.
    #[serde(default)]
    #[garde(skip)]
    #[param(required = false)]
    pub deleted: bool,
    /// The order: `newest` (created last comes first) or `deadline` (due first; only tasks with a deadline).
    #[serde(default)]
    #[garde(skip)]
    #[param(required = false, inline)]
    pub sort: Sort,
    /// The `next` of the page before, with the same conditions and order.
    #[garde(skip)]
    pub cursor: Option<String>,
    /// Items on the page.
    #[garde(range(min = 1, max = web_kit::MAX_LIMIT))]
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
}

/// The order of a list of tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Sort {
    /// The one created last comes first.
    #[default]
    Newest,
    /// The one due first comes first; those without a deadline are left out.
    Deadline,
}

/// From where on the feed.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ChangesQuery {
    /// The position of the board or of the answer before.
    #[garde(range(min = 0))]
    #[param(minimum = 0)]
    pub after: i64,
    /// Seconds to wait for a change when there is none yet.
    #[serde(default)]
    #[garde(range(max = 25))]
    #[param(maximum = 25, default = 0, required = false)]
    pub wait: u64,
}

impl TaskQuery {
    /// What the query asks for.
    pub(super) fn filter(&self) -> crate::queries::Filter {
        crate::queries::Filter {
            board: self.board,
            pic: self.pic,
            status: self.status,
            deadline_from: instant(self.deadline_from.as_ref()),
            deadline_to: instant(self.deadline_to.as_ref()),
            label: self.label.as_ref().map(|label| composed(label.trim())),
            text: self.text.as_deref().and_then(Needle::new),
            deleted: self.deleted,
        }
    }
}
