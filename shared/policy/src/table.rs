//! The table as people read it.

use std::fmt::Write as _;

use strum::{EnumMessage as _, IntoEnumIterator as _};

use crate::{Operation, Ownership, Role, Scope, allows, is_dangerous};

const HEAD: &str = "\
# Who may do what

Written by `cargo xtask policy` from the rules in `src/lib.rs`. Every operation of every API document names its rows here
as `x-policy`, and a test walks every cell over HTTP.

*Own* is what the person is in charge of. What is *dangerous* wants a proof of identity of the last five minutes. An API
token does what its role may do and its *scope* covers; what has no scope is open to no API token.

| Operation | What it is | Admin | Supervisor | PIC, own | PIC, other | Observer | Dangerous | Scope |
|---|---|:-:|:-:|:-:|:-:|:-:|:-:|---|
";

/// The five columns of the table.
pub const COLUMNS: [(Role, Ownership); 5] = [
    (Role::Admin, Ownership::Other),
    (Role::Supervisor, Ownership::Other),
    (Role::Pic, Ownership::Own),
    (Role::Pic, Ownership::Other),
    (Role::Observer, Ownership::Other),
];

/// Every row.
pub fn operations() -> impl Iterator<Item = Operation> {
    Operation::iter()
}

/// The whole page, in Markdown.
pub fn markdown() -> String {
    let mut page = HEAD.to_owned();
    for operation in Operation::iter() {
        let what = operation.get_documentation().unwrap_or_default();
        let mut row = format!("| `{operation}` | {what} |");
        for (role, ownership) in COLUMNS {
            row.push_str(mark(allows(role, operation, ownership)));
        }
        row.push_str(mark(is_dangerous(operation)));
        // Writing to a string cannot fail.
        if let Some(scope) = Scope::of(operation) {
            let _ = write!(row, " `{scope}`");
        }
        row.push_str(" |");
        let _ = writeln!(page, "{row}");
    }
    page
}

fn mark(yes: bool) -> &'static str {
    if yes { " ● |" } else { " |" }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_operation_is_a_row() {
        let rows: Vec<String> = super::operations().map(|row| row.to_string()).collect();
        assert!(rows.contains(&"task_move".to_owned()));
        let page = super::markdown();
        assert_eq!(
            page.lines().filter(|line| line.starts_with("| `")).count(),
            rows.len()
        );
    }

    #[test]
    fn the_checked_in_table_is_fresh() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
        let found = std::fs::read_to_string(file).unwrap_or_default();
        assert!(
            found == super::markdown(),
            "run `cargo xtask policy` and commit the result"
        );
    }
}
