//! The rules of boards and tasks: pure, without web, database or serialisation.

pub mod deadline;
pub mod edit;
pub mod labels;
pub mod place;
pub mod rank;
pub mod search;
pub mod spread;
pub mod words;

/// Columns a board may have.
pub const COLUMNS_PER_BOARD: i64 = 50;

/// Live tasks a board may have, so that a whole board always fits one answer of the gateway (10 MB).
pub const TASKS_PER_BOARD: i64 = 10_000;

/// Characters of a board's name.
pub const BOARD_NAME_CHARS: usize = 100;

/// Characters of a column's name.
pub const COLUMN_NAME_CHARS: usize = 100;

/// Characters of a task's title.
pub const TITLE_CHARS: usize = 200;

/// Bytes of a task's description.
pub const DESCRIPTION_BYTES: usize = 65_536;

/// Bytes of a comment.
pub const COMMENT_BYTES: usize = 16_384;

/// Characters of a text to search for.
pub const SEARCH_CHARS: usize = 100;
