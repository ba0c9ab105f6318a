//! Lists in pages.

use crate::cursor;
use garde::Validate;
use problem::{Code, Problem};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Items on a page when the client does not say.
pub const DEFAULT_LIMIT: i64 = 50;
/// The most items on a page.
pub const MAX_LIMIT: i64 = 200;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// The `cursor` of the next page; null on the last one.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Makes a page out of rows that were read with one more than `limit`: that one only says that there is a next
    /// page, whose cursor is the key of the last item that is shown.
    ///
    /// # Errors
    /// When the key does not fit into a cursor.
    pub fn of<K: Serialize>(
        mut rows: Vec<T>,
        limit: i64,
        key: impl FnOnce(&T) -> K,
    ) -> Result<Page<T>, Problem> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = match rows.last().filter(|_| more) {
            Some(last) => Some(cursor::encode(&key(last))?),
            None => None,
        };
        Ok(Page { items: rows, next })
    }

    /// The same page with other items.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(change).collect(),
            next: self.next,
        }
    }
}

/// The query of a list that is only paged. Lists with filters have their own type with these two fields.
#[derive(Clone, Debug, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// The `next` of the page before.
    #[garde(skip)]
    pub cursor: Option<String>,
    /// Items on the page, 1 to 200.
    #[garde(range(min = 1, max = MAX_LIMIT))]
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
}

impl PageQuery {
    /// How many items to show; read one more (see [`Page::of`]).
    pub fn limit(&self) -> i64 {
        self.limit.unwrap_or(DEFAULT_LIMIT)
    }

    /// The key after which the page begins.
    ///
    /// # Errors
    /// 422 naming `cursor`.
    pub fn after<K: DeserializeOwned>(&self) -> Result<Option<K>, Problem> {
        self.cursor.as_deref().map(cursor::decode).transpose()
    }
}

/// The page size out of a query's `limit`.
///
/// # Errors
/// 422 naming `limit` when it is not from 1 to 200.
pub fn limit(given: Option<i64>) -> Result<i64, Problem> {
    match given {
        None => Ok(DEFAULT_LIMIT),
        Some(limit) if (1..=MAX_LIMIT).contains(&limit) => Ok(limit),
        Some(_) => Err(Problem::new(Code::Invalid).field("limit", format!("must be from 1 to {MAX_LIMIT}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_row_too_many_makes_a_next_page() {
        let page = Page::of(vec![1, 2, 3], 2, |last| *last).expect("a page");
        assert_eq!(page.items, [1, 2]);
        assert_eq!(
            cursor::decode::<i32>(page.next.as_deref().expect("a next page")).expect("a key"),
            2
        );
        assert_eq!(Page::of(vec![1, 2], 2, |last| *last).expect("a page").next, None);
        assert_eq!(
            Page::of(Vec::<i32>::new(), 2, |last| *last).expect("a page").next,
            None
        );
    }

    #[test]
    fn limits_are_bounded() {
        assert_eq!(limit(None).expect("a limit"), 50);
        for bad in [-1, 0, 201, i64::MAX] {
            assert_eq!(
                limit(Some(bad)).expect_err("out of range").errors()[0].field,
                "limit"
            );
        }
    }
}
