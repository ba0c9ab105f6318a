//! Who hears of a change, and by which way: (change, people, wishes) → planned notifications.

use std::collections::HashMap;

use uuid::Uuid;

/// A change to a task, reduced to what decides who hears of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The workspace it happened in.
    pub workspace: Uuid,
    /// Who did it; none when the system did.
    pub actor: Option<Uuid>,
    /// The person in charge after the change.
    pub pic: Option<Uuid>,
    /// The person in charge before it, when the change touched that.
    pub former_pic: Option<Uuid>,
    /// Whether the change touched who is in charge.
    pub handed_over: bool,
    /// Who created the task.
    pub creator: Option<Uuid>,
}

/// Which mails about changes a person wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wish {
    /// About everything that concerns them.
    #[default]
    All,
    /// Only about tasks they are in charge of, and about being put in charge or taken off.
    Mine,
    /// None; the inbox in the app still fills.
    None,
}

impl Wish {
    /// The word in the API and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Wish::All => "all",
            Wish::Mine => "mine",
            Wish::None => "none",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Wish> {
        [Wish::All, Wish::Mine, Wish::None]
            .into_iter()
            .find(|wish| wish.as_str() == word)
    }
}

/// Whether an address is one of those that nobody has (RFC 2606, section 2). Service accounts have such.
pub fn is_nobodys(address: &str) -> bool {
    address.ends_with(".invalid")
}

/// A person as this service knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The workspace that knows them.
    pub workspace: Uuid,
    /// Whether nobody is there to hear of anything: they no longer belong to it, or are a service account.
    pub removed: bool,
    /// Which mails they want.
    pub wish: Wish,
}

/// Why somebody hears of a change. The first that applies counts, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The change put them in charge.
    Assigned,
    /// The change took them off.
    Unassigned,
    /// They are in charge.
    InCharge,
    /// They created the task.
    Creator,
}

impl Reason {
    /// The word in the API and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Assigned => "assigned",
            Reason::Unassigned => "unassigned",
            Reason::InCharge => "in_charge",
            Reason::Creator => "creator",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Reason> {
        [
            Reason::Assigned,
            Reason::Unassigned,
            Reason::InCharge,
            Reason::Creator,
        ]
        .into_iter()
        .find(|reason| reason.as_str() == word)
    }
}

/// One notification to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Who hears of it.
    pub recipient: Uuid,
    /// Why.
    pub reason: Reason,
    /// Whether it is mailed too, and not only shown in the app.
    pub mail: bool,
}

/// The people of a workspace, by id.
pub type People = HashMap<Uuid, Person>;

/// Plans the notifications of a change. `mailable` is false for changes so old that a mail about them
/// would only confuse: they are shown in the app alone.
///
/// Somebody whose membership has not been heard of yet is planned for as well: events of a person and of
/// a task travel on different streams, so the task's may come first. Their mail waits until their address
/// is known, and their inbox opens only to a token of the same workspace.
pub fn plan(change: &Change, people: &People, mailable: bool) -> Vec<Planned> {
    let mut planned: Vec<Planned> = Vec::with_capacity(3);
    for (recipient, reason) in concerned(change) {
        let known_before = planned.iter().any(|other| other.recipient == recipient);
        if known_before || change.actor == Some(recipient) {
            continue;
        }
        let person = people.get(&recipient);
        if person.is_some_and(|person| person.removed || person.workspace != change.workspace) {
            continue;
        }
        let wish = person.map_or(Wish::default(), |person| person.wish);
        planned.push(Planned {
            recipient,
            reason,
            mail: mailable && wanted(wish, reason),
        });
    }
    planned
}

/// Everybody a change concerns, with the strongest reason first. Names may repeat.
fn concerned(change: &Change) -> impl Iterator<Item = (Uuid, Reason)> {
    let hand_over = change.handed_over && change.pic != change.former_pic;
    let pic_reason = if hand_over {
        Reason::Assigned
    } else {
        Reason::InCharge
    };
    let former = change.former_pic.filter(|_| hand_over);
    [
        change.pic.map(|id| (id, pic_reason)),
        former.map(|id| (id, Reason::Unassigned)),
        change.creator.map(|id| (id, Reason::Creator)),
    ]
    .into_iter()
    .flatten()
}

fn wanted(wish: Wish, reason: Reason) -> bool {
    match wish {
        Wish::All => true,
        Wish::Mine => reason != Reason::Creator,
        Wish::None => false,
    }
}

#[cfg(test)]
mod tests;
