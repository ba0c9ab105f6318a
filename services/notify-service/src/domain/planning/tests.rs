//! The planner, as a table and as properties.

use proptest::option;
use proptest::prelude::*;

use super::*;

const HOME: Uuid = Uuid::from_u128(100);
const ELSEWHERE: Uuid = Uuid::from_u128(200);
const SUE: Uuid = Uuid::from_u128(1);
const PAT: Uuid = Uuid::from_u128(2);
const KIM: Uuid = Uuid::from_u128(3);

fn person(wish: Wish) -> Person {
    Person {
        workspace: HOME,
        removed: false,
        wish,
    }
}

fn all_at_home() -> People {
    [SUE, PAT, KIM]
        .into_iter()
        .map(|id| (id, person(Wish::All)))
        .collect()
}

/// A task of Sue's with Pat in charge, moved by Sue.
fn moved() -> Change {
    Change {
        workspace: HOME,
        actor: Some(SUE),
        pic: Some(PAT),
        former_pic: None,
        handed_over: false,
        creator: Some(SUE),
    }
}

fn planned(recipient: Uuid, reason: Reason, mail: bool) -> Planned {
    Planned {
        recipient,
        reason,
        mail,
    }
}

#[test]
fn who_hears_of_what() {
    let hand_over = Change {
        handed_over: true,
        former_pic: Some(PAT),
        pic: Some(KIM),
        ..moved()
    };
    let table = [
        (
            "the person in charge",
            moved(),
            vec![planned(PAT, Reason::InCharge, true)],
        ),
        (
            "not the actor, but the creator",
            Change {
                actor: Some(PAT),
                ..moved()
            },
            vec![planned(SUE, Reason::Creator, true)],
        ),
        (
            "put in charge at creation",
            Change {
                handed_over: true,
                ..moved()
            },
            vec![planned(PAT, Reason::Assigned, true)],
        ),
        (
            "both sides of a hand-over",
            hand_over.clone(),
            vec![
                planned(KIM, Reason::Assigned, true),
                planned(PAT, Reason::Unassigned, true),
            ],
        ),
        (
            "a hand-over by the one who gives",
            Change {
                actor: Some(PAT),
                ..hand_over.clone()
            },
            vec![
                planned(KIM, Reason::Assigned, true),
                planned(SUE, Reason::Creator, true),
            ],
        ),
        (
            "nobody in charge any more",
            Change {
                pic: None,
                ..hand_over.clone()
            },
            vec![planned(PAT, Reason::Unassigned, true)],
        ),
        (
            "the system acts",
            Change {
                actor: None,
                ..moved()
            },
            vec![
                planned(PAT, Reason::InCharge, true),
                planned(SUE, Reason::Creator, true),
            ],
        ),
        (
            "one's own task and one's own change",
            Change {
                pic: Some(SUE),
                ..moved()
            },
            vec![],
        ),
        (
            "in charge of one's own creation: once, by the stronger reason",
            Change {
                actor: Some(KIM),
                pic: Some(SUE),
                ..moved()
            },
            vec![planned(SUE, Reason::InCharge, true)],
        ),
        (
            "the same person before and after is no hand-over",
            Change {
                handed_over: true,
                former_pic: Some(PAT),
                ..moved()
            },
            vec![planned(PAT, Reason::InCharge, true)],
        ),
        (
            "nobody concerned",
            Change {
                pic: None,
                creator: None,
                ..moved()
            },
            vec![],
        ),
    ];
    for (name, change, expected) in table {
        assert_eq!(plan(&change, &all_at_home(), true), expected, "{name}");
    }
}

#[test]
fn wishes_decide_about_mail_and_never_about_the_inbox() {
    let hand_over = Change {
        actor: None,
        handed_over: true,
        former_pic: Some(KIM),
        ..moved()
    };
    let table = [
        (Wish::All, [(PAT, true), (KIM, true), (SUE, true)]),
        (Wish::Mine, [(PAT, true), (KIM, true), (SUE, false)]),
        (Wish::None, [(PAT, false), (KIM, false), (SUE, false)]),
    ];
    for (wish, expected) in table {
        let people: People = [SUE, PAT, KIM].into_iter().map(|id| (id, person(wish))).collect();
        let got: Vec<_> = plan(&hand_over, &people, true)
            .iter()
            .map(|p| (p.recipient, p.mail))
            .collect();
        assert_eq!(got, expected, "{wish:?}");
        assert!(
            plan(&hand_over, &people, false).iter().all(|p| !p.mail),
            "old changes are not mailed"
        );
        assert_eq!(plan(&hand_over, &people, false).len(), 3, "old changes are shown");
    }
}

#[test]
fn nobody_removed_and_nobody_of_another_workspace() {
    let mut people = all_at_home();
    people.insert(
        PAT,
        Person {
            removed: true,
            ..person(Wish::All)
        },
    );
    assert_eq!(plan(&moved(), &people, true), vec![]);
    people.insert(
        PAT,
        Person {
            workspace: ELSEWHERE,
            ..person(Wish::All)
        },
    );
    assert_eq!(plan(&moved(), &people, true), vec![]);
}

#[test]
fn somebody_not_heard_of_yet_is_planned_for() {
    let people = People::new();
    assert_eq!(
        plan(&moved(), &people, true),
        vec![planned(PAT, Reason::InCharge, true)]
    );
}

#[test]
fn words_are_read_as_they_are_written() {
    for wish in [Wish::All, Wish::Mine, Wish::None] {
        assert_eq!(Wish::from_word(wish.as_str()), Some(wish));
    }
    for reason in [
        Reason::Assigned,
        Reason::Unassigned,
        Reason::InCharge,
        Reason::Creator,
    ] {
        assert_eq!(Reason::from_word(reason.as_str()), Some(reason));
    }
    assert_eq!(Wish::from_word("ALL"), None);
    assert_eq!(Reason::from_word(""), None);
}

fn id() -> impl Strategy<Value = Uuid> {
    (1_u128..6).prop_map(Uuid::from_u128)
}

fn anybody() -> impl Strategy<Value = Person> {
    let wish = prop_oneof![Just(Wish::All), Just(Wish::Mine), Just(Wish::None)];
    let workspace = prop_oneof![4 => Just(HOME), 1 => Just(ELSEWHERE)];
    (workspace, prop::bool::weighted(0.2), wish).prop_map(|(workspace, removed, wish)| Person {
        workspace,
        removed,
        wish,
    })
}

prop_compose! {
    fn any_change()(actor in option::of(id()), pic in option::of(id()), former_pic in option::of(id()),
                    handed_over in any::<bool>(), creator in option::of(id())) -> Change {
        Change { workspace: HOME, actor, pic, former_pic, handed_over, creator }
    }
}

proptest! {
    #[test]
    fn the_rules_hold_for_every_change(
        change in any_change(),
        people in prop::collection::hash_map(id(), anybody(), 0..5),
        mailable in any::<bool>(),
    ) {
        let plans = plan(&change, &people, mailable);
        for (index, plan) in plans.iter().enumerate() {
            prop_assert_ne!(Some(plan.recipient), change.actor);
            prop_assert!(plans.iter().skip(index + 1).all(|other| other.recipient != plan.recipient));
            let roles = [change.pic, change.former_pic, change.creator];
            prop_assert!(roles.contains(&Some(plan.recipient)));
            if let Some(person) = people.get(&plan.recipient) {
                prop_assert!(!person.removed && person.workspace == HOME);
                prop_assert!(!(plan.mail && person.wish == Wish::None));
            }
            prop_assert!(mailable || !plan.mail);
        }
        let reachable = |id: Uuid| people.get(&id).is_none_or(|p| !p.removed && p.workspace == HOME);
        for id in [change.pic, change.creator].into_iter().flatten() {
            let heard = plans.iter().any(|plan| plan.recipient == id);
            prop_assert_eq!(heard, change.actor != Some(id) && reachable(id));
        }
    }
}
