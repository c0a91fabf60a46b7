//! How many requests readings of a whole large instance take: docs/performance.md.

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;
use zitui::demo::Version::{self, V2_68, V4_3, V4_15};
use zitui::demo::World;

use crate::stage::Stage;

const ORGANIZATIONS: usize = 3_650;
/// Pages of a thousand organizations, managers and users who are managers.
const PAGES: [usize; 3] = [4, 10, 9];
/// Without a list of all managers: those of the instance, of each organization, project and grant; the projects of
/// each organization, and the grants of each that has projects. The pages of managers fall away.
const WALK: usize = 1 + ORGANIZATIONS + 1_826 + 912 + ORGANIZATIONS + 1_439;
/// The roles of four levels, and the events of a month.
const BESIDE: usize = 4 + 1;
/// Pages of all keys and of all tokens; a 2.68 has two lists for each service user instead.
const KEYS: usize = 3 + 1;
const KEYS_ONE_BY_ONE: usize = 2 * 789;
/// Users are looked up as soon as a thousand are known, or nothing else is to be done: what comes first decides.
const MORE: usize = 2;

const fn pages() -> usize {
    let [organizations, managers, users] = PAGES;
    organizations + managers + users
}

/// The projects whose managers are judged: one list of all with their grants in a 4.15, in a 4.3 a list for each owner
/// of projects and one for each of grants, and in a 2.68 what the walk has seen.
#[rstest]
#[case::v2_68(V2_68, pages() - PAGES[1] + WALK, KEYS_ONE_BY_ONE + BESIDE)]
#[case::v4_3(V4_3, pages(), 1_257 + 661 + KEYS + BESIDE)]
#[case::v4_15(V4_15, pages(), 3 + KEYS + BESIDE)]
#[tokio::test]
async fn a_whole_instance_takes_the_requests_that_are_documented(
    #[case] version: Version,
    #[case] inventory: usize,
    #[case] beside: usize,
) {
    let stage = Stage::with(version, World::generate(ORGANIZATIONS, 20_000, 3 * ORGANIZATIONS));
    let session = stage.owner().await;
    let mark = stage.mark();
    let snapshot = session.snapshot(|_, _| ()).await.unwrap();
    let for_snapshot = stage.requests_after(mark).len();
    let mark = stage.mark();
    let month = Timestamp::now() - SignedDuration::from_hours(24 * 30);
    let evidence = session.evidence(Some(month), |_| ()).await.unwrap();
    let for_review = stage.requests_after(mark).len();
    assert_eq!((snapshot.records.len(), snapshot.gaps.len()), (9_549, 0));
    assert_eq!((evidence.records.len(), evidence.unread.len()), (9_549, 0));
    let document = include_str!("../../docs/performance.md");
    let readings = [
        ("managers list", inventory, for_snapshot),
        ("snapshot save", inventory, for_snapshot),
        ("snapshot diff FILE now", inventory, for_snapshot),
        ("review", inventory + beside, for_review),
    ];
    for (command, least, sent) in readings {
        assert!((least..=least + MORE).contains(&sent), "{command}: {sent} requests, {least} at least");
        let row = format!("| {version} | `{command}` | {least} |");
        assert!(document.contains(&row), "docs/performance.md must say {row}");
    }
}
