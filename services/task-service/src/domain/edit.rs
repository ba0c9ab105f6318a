//! An edit of a task: which fields it sets, who may do that, and when it collides with somebody else's.

use chrono::{DateTime, Utc};
use policy::{Operation, Ownership, Role, allows};
use uuid::Uuid;

use super::words::Priority;

/// A field of a task that can be edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The title.
    Title,
    /// The description.
    Description,
    /// The person in charge.
    Pic,
    /// The deadline.
    Deadline,
    /// The deadline's time zone.
    DeadlineZone,
    /// The priority.
    Priority,
    /// The labels.
    Labels,
}

impl Field {
    /// The name in the API and in events.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Description => "description",
            Self::Pic => "pic_id",
            Self::Deadline => "deadline",
            Self::DeadlineZone => "deadline_zone",
            Self::Priority => "priority",
            Self::Labels => "labels",
        }
    }

    /// What a caller must be allowed to do to set it.
    #[must_use]
    pub fn operation(self) -> Operation {
        match self {
            Self::Title => Operation::TaskTitle,
            Self::Description => Operation::TaskDescription,
            Self::Pic => Operation::TaskPic,
            Self::Deadline | Self::DeadlineZone => Operation::TaskDeadline,
            Self::Priority => Operation::TaskPriority,
            Self::Labels => Operation::TaskLabels,
        }
    }
}

/// The fields of a task that an edit can set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The title.
    pub title: String,
    /// The description.
    pub description: String,
    /// The person in charge.
    pub pic: Option<Uuid>,
    /// The deadline.
    pub deadline: Option<DateTime<Utc>>,
    /// The deadline's time zone.
    pub deadline_zone: Option<String>,
    /// The priority.
    pub priority: Priority,
    /// The labels.
    pub labels: Vec<String>,
}

/// At which version of the task each field was last changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FieldVersions {
    /// Of the title.
    pub title: i64,
    /// Of the description.
    pub description: i64,
    /// Of the person in charge.
    pub pic: i64,
    /// Of the deadline.
    pub deadline: i64,
    /// Of the deadline's time zone.
    pub deadline_zone: i64,
    /// Of the priority.
    pub priority: i64,
    /// Of the labels.
    pub labels: i64,
    /// When it was last moved.
    pub moved: i64,
    /// When it last went into or came out of the trash.
    pub deleted: i64,
}

impl FieldVersions {
    /// Every change after a version, by the name of the field.
    #[must_use]
    pub fn after(&self, seen: i64) -> Vec<&'static str> {
        let all = [
            ("title", self.title),
            ("description", self.description),
            ("pic_id", self.pic),
            ("deadline", self.deadline),
            ("deadline_zone", self.deadline_zone),
            ("priority", self.priority),
            ("labels", self.labels),
            ("column_id", self.moved),
            ("deleted_at", self.deleted),
        ];
        all.into_iter()
            .filter(|(_, version)| *version > seen)
            .map(|(name, _)| name)
            .collect()
    }
}

/// What somebody wants to set. An outer `None` leaves the field as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaskEdit {
    /// A new title.
    pub title: Option<String>,
    /// A new description.
    pub description: Option<String>,
    /// Another person in charge, or nobody.
    pub pic: Option<Option<Uuid>>,
    /// Another deadline, or none.
    pub deadline: Option<Option<DateTime<Utc>>>,
    /// Another time zone, or none.
    pub deadline_zone: Option<Option<String>>,
    /// Another priority.
    pub priority: Option<Priority>,
    /// Other labels.
    pub labels: Option<Vec<String>>,
}

impl TaskEdit {
    /// Without a deadline there is nothing to have a zone: who clears the one clears the other.
    #[must_use]
    pub fn tidy(mut self) -> Self {
        if self.deadline == Some(None) && self.deadline_zone.is_none() {
            self.deadline_zone = Some(None);
        }
        self
    }

    /// The fields it sets.
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        let set = [
            (self.title.is_some(), Field::Title),
            (self.description.is_some(), Field::Description),
            (self.pic.is_some(), Field::Pic),
            (self.deadline.is_some(), Field::Deadline),
            (self.deadline_zone.is_some(), Field::DeadlineZone),
            (self.priority.is_some(), Field::Priority),
            (self.labels.is_some(), Field::Labels),
        ];
        set.into_iter()
            .filter(|(is_set, _)| *is_set)
            .map(|(_, field)| field)
            .collect()
    }

    /// The fields it would change that somebody else changed after the version the writer had seen.
    /// Setting a field to what it already is collides with nobody.
    #[must_use]
    pub fn collisions(&self, now: &Content, changed: &FieldVersions, seen: i64) -> Vec<&'static str> {
        let collides = |field: &Field| match field {
            Field::Title => changed.title > seen && self.title.as_ref() != Some(&now.title),
            Field::Description => {
                changed.description > seen && self.description.as_ref() != Some(&now.description)
            }
            Field::Pic => changed.pic > seen && self.pic != Some(now.pic),
            Field::Deadline => changed.deadline > seen && self.deadline != Some(now.deadline),
            Field::DeadlineZone => {
                changed.deadline_zone > seen && self.deadline_zone.as_ref() != Some(&now.deadline_zone)
            }
            Field::Priority => changed.priority > seen && self.priority != Some(now.priority),
            Field::Labels => changed.labels > seen && self.labels.as_ref() != Some(&now.labels),
        };
        self.fields()
            .iter()
            .filter(|field| collides(field))
            .map(|field| field.name())
            .collect()
    }

    /// Whether the task would have a time zone without a deadline.
    #[must_use]
    pub fn leaves_zone_alone(&self, now: &Content) -> bool {
        let deadline = self.deadline.unwrap_or(now.deadline);
        let zone = self.deadline_zone.as_ref().unwrap_or(&now.deadline_zone);
        deadline.is_none() && zone.is_some()
    }
}

/// What a role may do to a task of its own and to one of somebody else's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permission {
    /// To a task the caller is in charge of.
    pub own: bool,
    /// To any other.
    pub other: bool,
}

impl Permission {
    /// Whether a role may do all of these operations.
    #[must_use]
    pub fn of(role: Role, operations: &[Operation]) -> Self {
        let all = |ownership| {
            operations
                .iter()
                .all(|operation| allows(role, *operation, ownership))
        };
        Self {
            own: all(Ownership::Own),
            other: all(Ownership::Other),
        }
    }

    /// Whether it is allowed on a task, given who is in charge of it.
    #[must_use]
    pub fn covers(self, pic: Option<Uuid>, caller: Uuid) -> bool {
        if pic == Some(caller) { self.own } else { self.other }
    }
}

/// The fields a caller of this role may not set on a task of this ownership.
#[must_use]
pub fn forbidden(fields: &[Field], role: Role, ownership: Ownership) -> Vec<&'static str> {
    fields
        .iter()
        .filter(|field| !allows(role, field.operation(), ownership))
        .map(|field| field.name())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content() -> Content {
        Content {
            title: "now".to_owned(),
            description: String::new(),
            pic: None,
            deadline: None,
            deadline_zone: None,
            priority: Priority::None,
            labels: Vec::new(),
        }
    }

    #[test]
    fn different_fields_merge_and_the_same_field_collides() {
        let changed = FieldVersions {
            title: 3,
            ..FieldVersions::default()
        };
        let title = TaskEdit {
            title: Some("mine".to_owned()),
            ..TaskEdit::default()
        };
        let labels = TaskEdit {
            labels: Some(vec!["a".to_owned()]),
            ..TaskEdit::default()
        };
        assert_eq!(title.collisions(&content(), &changed, 2), ["title"]);
        assert!(title.collisions(&content(), &changed, 3).is_empty());
        assert!(labels.collisions(&content(), &changed, 2).is_empty());
    }

    #[test]
    fn setting_what_already_is_collides_with_nobody() {
        let changed = FieldVersions {
            title: 3,
            ..FieldVersions::default()
        };
        let same = TaskEdit {
            title: Some("now".to_owned()),
            ..TaskEdit::default()
        };
        assert!(same.collisions(&content(), &changed, 1).is_empty());
    }

    #[test]
    fn clearing_the_deadline_clears_its_zone() {
        let edit = TaskEdit {
            deadline: Some(None),
            ..TaskEdit::default()
        }
        .tidy();
        assert_eq!(edit.fields(), [Field::Deadline, Field::DeadlineZone]);
        let zone = TaskEdit {
            deadline_zone: Some(Some("Asia/Seoul".to_owned())),
            ..TaskEdit::default()
        };
        assert!(zone.leaves_zone_alone(&content()) && !edit.leaves_zone_alone(&content()));
    }

    #[test]
    fn a_pic_may_hand_over_but_not_set_the_deadline() {
        let person = Uuid::from_u128(7);
        let hand_over = Permission::of(Role::Pic, &[Operation::TaskPic]);
        assert!(hand_over.covers(Some(person), person) && !hand_over.covers(None, person));
        let both = Permission::of(Role::Pic, &[Operation::TaskPic, Operation::TaskDeadline]);
        assert!(!both.covers(Some(person), person));
        assert_eq!(
            forbidden(&[Field::Pic, Field::Deadline], Role::Pic, Ownership::Own),
            ["deadline"]
        );
    }
}
