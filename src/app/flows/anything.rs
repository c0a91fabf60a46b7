//! Whatever happens, in whatever order.

use super::*;

fn any_key() -> impl Strategy<Value = Key> {
    let named = prop::sample::select(
        keys::KEYS
            .iter()
            .flat_map(|binding| binding.keys)
            .flat_map(|keys| keys.split(' '))
            .collect::<Vec<_>>(),
    )
    .prop_map(crate::app::testing::key);
    let typed =
        any::<char>().prop_map(|character| Key { code: KeyCode::Char(character), ctrl: false, alt: false });
    prop_oneof![8 => named, 1 => typed]
}

#[derive(Clone, Debug)]
pub(crate) enum Happening {
    Press(Key),
    Paste(String),
    Resize(u16, u16),
    Answer(prop::sample::Index, bool),
    Late(u64),
    End(prop::sample::Index, u8),
    Tick,
}

/// Anything that can happen.
pub(crate) fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        10 => any_key().prop_map(Happening::Press),
        1 => any::<String>().prop_map(Happening::Paste),
        1 => (0..200_u16, 0..70_u16).prop_map(|(columns, rows)| Happening::Resize(columns, rows)),
        8 => (any::<prop::sample::Index>(), prop::bool::weighted(0.2)).prop_map(|(at, fails)| Happening::Answer(at, fails)),
        1 => (0..60_u64).prop_map(Happening::Late),
        2 => (any::<prop::sample::Index>(), 0..7_u8).prop_map(|(at, how)| Happening::End(at, how)),
        1 => Just(Happening::Tick),
    ]
}

/// Does what happens at the desk.
pub(crate) fn happen(desk: &mut Desk, happening: Happening) {
    match happening {
        Happening::Press(key) => {
            desk.handle(Event::Key(key));
        }
        Happening::Paste(text) => {
            desk.handle(Event::Paste(text));
        }
        Happening::Resize(columns, rows) => {
            desk.resize(columns, rows);
        }
        Happening::Tick => {
            desk.handle(Event::Tick);
        }
        Happening::Late(number) if desk.asked.values().all(|(sequence, _)| sequence.0 != number) => {
            desk.handle(Event::Answered(Sequence(number), Box::new(Answer::Managers(Ok(Vec::new())))));
        }
        Happening::Answer(at, fails) if !desk.asked.is_empty() => {
            let slot = *desk.asked.keys().nth(at.index(desk.asked.len())).expect("one of them");
            if fails {
                desk.world.problems.insert(slot, network());
            }
            desk.answer_one(slot);
            desk.world.problems.clear();
        }
        Happening::End(at, how) if !desk.writes.is_empty() => {
            let (sequence, change) = desk.writes.remove(at.index(desk.writes.len()));
            let outcome = match how {
                0 => desk.world.apply(&change),
                1 => Outcome::AlreadySo(None),
                2 => Outcome::NotVisibleYet,
                3 => Outcome::ChangedMeanwhile(None),
                4 => Outcome::Failed(network()),
                5 => Outcome::LostAndNotDone(network()),
                _ => Outcome::Unknown(network()),
            };
            desk.handle(Event::Applied(sequence, Box::new(outcome)));
        }
        Happening::Late(_) | Happening::Answer(..) | Happening::End(..) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_happens_the_program_stands(happenings in prop::collection::vec(happening(), 1..120)) {
        let mut desk = Desk::signed_in(access_review::risky());
        for happening in happenings {
            happen(&mut desk, happening);
            let waiting = desk.asked.len();
            prop_assert!(waiting <= 23, "more requests than slots");
            prop_assert_eq!(waiting, desk.app.shared().waiting(), "the loop and the state machine agree on what is live");
            prop_assert_eq!(desk.writes.len(), desk.app.writes_under_way());
        }
        desk.answer();
        prop_assert_eq!(desk.app.shared().waiting(), 0);
    }
}
