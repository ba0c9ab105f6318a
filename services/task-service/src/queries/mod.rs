//! Everything people can read: one question in each file.

mod cards;
mod changes;
mod export_me;
mod list_boards;
mod list_comments;
mod list_tasks;
mod read_board;
mod read_task;

pub use crate::store::task_list::{Filter, Order};
