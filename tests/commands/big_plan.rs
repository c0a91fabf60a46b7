//! A plan of a whole instance: it says the same as many small ones, and takes as many requests as the lists have pages.

use std::collections::BTreeSet;

use rstest::rstest;
use zitui::demo::{Version, World};

use crate::stage::Stage;

/// Fewer than so many resources are looked up one by one.
const FEW: usize = 40;

/// Its saved state as resources, with the changes of the test: other roles, and people who are not listed any more.
struct Wanted {
    stage: Stage,
    resources: Vec<String>,
}

fn wanted(version: Version) -> Wanted {
    let stage = Stage::with(version, World::generate(200, 1_500, 900));
    stage.line("snapshot save saved.toml --as-plan").exits(0);
    let saved = std::fs::read_to_string(stage.home.path().join("saved.toml")).expect("saved");
    let (_, resources) = saved.split_once("[[resources]]\n").expect("resources");
    let resources =
        resources.split("[[resources]]\n").zip(0_usize..).map(|(resource, place)| match place % 4 {
            0 => resource.replace("_OWNER_VIEWER\"", "_OWNER\""),
            1 => resource
                .lines()
                .filter(|line| !line.contains("user = ") || line.contains("zitui"))
                .fold(String::new(), |text, line| text + line + "\n"),
            2 => named(resource),
            _ => resource.to_owned(),
        });
    let resources: Vec<String> = resources.collect();
    assert!(resources.len() > 5 * FEW, "{}", resources.len());
    Wanted { stage, resources }
}

/// An organization by its name instead of its id.
fn named(resource: &str) -> String {
    let name = resource.lines().next().and_then(|line| line.strip_prefix("# ")).expect("its name");
    match resource.lines().nth(1) {
        Some(line) if line.starts_with("organization") && !resource.contains("project = ") => {
            resource.replace(line, &format!("organization = \"{name}\""))
        }
        _ => resource.to_owned(),
    }
}

impl Wanted {
    fn is_the_sum_of_small_ones(&self, who: &str, whole: &BTreeSet<String>) {
        let small = self.resources.chunks(FEW).flat_map(|some| self.planned(who, some, "plan").0).collect();
        let differing: Vec<&String> = whole.symmetric_difference(&small).collect();
        assert!(differing.is_empty(), "{differing:#?}");
    }

    /// What a plan of these resources says, without the lines of its file, and what it asked of the server.
    fn planned(&self, who: &str, resources: &[String], command: &str) -> (BTreeSet<String>, Vec<String>) {
        let text = format!("version = 1\n[[resources]]\n{}", resources.join("[[resources]]\n"));
        self.stage.file("wanted.toml", &text);
        let before = self.stage.demo.requests().len();
        let run = self.stage.line_as(who, &format!("{command} wanted.toml -o json"));
        assert!(matches!(run.code, Some(0 | 1 | 4 | 5)), "{run:#?}");
        let asked = self.stage.demo.requests().split_off(before);
        let document = run.json();
        let rows = document["rows"].as_array().expect("rows").iter().map(|row| {
            let mut row = row.clone();
            let fields = row.as_object_mut().expect("an object");
            fields.remove("lines").expect("lines");
            // Those that are held now, where another part of the file is not understood.
            fields.remove("roles").expect("roles");
            row.to_string().replace("not_started", "planned")
        });
        (rows.collect(), asked)
    }
}

/// Nine requests open a session. Then an owner of the instance needs a page of organizations, one of managers, three
/// of users (those of the file, those of the managers, the owners that are left) and five lists of roles: one a level,
/// and that of the default organization. Without a list of all managers, each resource is a request, as are the
/// projects of each owner that is named and the grants of each project.
#[rstest]
#[case::walked(Version::V2_68, 9 + 1 + 3 + 5 + 351 + 113)]
#[case::listed_by_beta(Version::V4_3, 9 + 1 + 1 + 3 + 5)]
#[case::listed(Version::V4_15, 9 + 1 + 1 + 3 + 5)]
fn a_big_plan_says_the_same_as_small_ones(#[case] version: Version, #[case] least: usize) {
    let wanted = wanted(version);
    let (whole, asked) = wanted.planned("zitui", &wanted.resources, "plan");
    assert_eq!(asked.len(), least, "{asked:#?}");
    // Before a write also the own permissions: where a membership is, and once for everywhere else.
    let (to_write, asked) = wanted.planned("zitui", &wanted.resources, "apply --dry-run");
    assert_eq!(asked.len(), least + 2, "{asked:#?}");
    assert_eq!(to_write, whole);
    assert!(whole.len() > 100, "{}", whole.len());
    wanted.is_the_sum_of_small_ones("zitui", &whole);
}

/// The list of all managers leaves out without a word what these may not read.
#[rstest]
fn who_reads_only_a_part_is_told_the_same_by_both(
    #[values(Version::V2_68, Version::V4_15)] version: Version,
    #[values("--instance --role IAM_USER_MANAGER", "--org {} --role ORG_OWNER")] held: &str,
) {
    let wanted = wanted(version);
    let who =
        wanted.stage.demo.pats().keys().find(|login| *login != "zitui").expect("a service user").clone();
    let organization = wanted.resources[1].lines().find_map(|line| line.strip_prefix("organization = "));
    let held = held.replace("{}", organization.expect("an organization").trim_matches('"'));
    wanted.stage.line(&format!("managers set {held} --user {who} --yes")).exits(0);
    let (whole, _) = wanted.planned(&who, &wanted.resources, "plan");
    assert!(whole.iter().any(|row| row.contains("not_understood")), "something is hidden");
    wanted.is_the_sum_of_small_ones(&who, &whole);
}
