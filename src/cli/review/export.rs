//! A review that was read already, as the text of a file.

use std::path::Path;

use jiff::Timestamp;

use super::report::Report;
use super::{Wanted, markdown, rows, sarif};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::review::{RULES, ReviewReport, ReviewSettings, Severity};
use crate::domain::text::SafeText;

/// What a report says besides what was found.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The instance's name, else its address.
    pub instance: &'a SafeText,
    /// When it was read.
    pub read: Timestamp,
    /// What it was judged by.
    pub settings: &'a ReviewSettings,
    /// The file of acceptances.
    pub accepted: &'a Path,
}

/// Everything that was found, in the format that the ending of `path` names.
///
/// # Errors
/// `Usage` for an ending that names no format.
pub fn export(found: ReviewReport, about: About<'_>, path: &Path) -> Result<String, Problem> {
    let wanted = Wanted {
        settings: about.settings.clone(),
        rules: RULES.iter().collect(),
        file: Some(about.accepted.to_owned()),
        accepted: Vec::new(),
        least: Severity::Info,
        fail_on: None,
        with_accepted: true,
        partial: false,
    };
    let report = Report::of_all(about.instance, about.read, found, &wanted);
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    match ending.to_ascii_lowercase().as_str() {
        "md" | "markdown" => Ok(markdown::markdown(&report)),
        "csv" => Ok(rows::csv(&report)),
        "json" => Ok(format!("{:#}\n", rows::json(&report))),
        "sarif" => Ok(format!("{:#}\n", sarif::log(&report))),
        _ => Err(Problem::new(
            ProblemKind::Usage,
            format!("Cannot export the review into {}", path.display()),
            "its ending names no format",
            "let the name end with .md, .csv, .json or .sarif",
        )),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::inventory::UnreadPart;

    fn exported(name: &str) -> Result<String, Problem> {
        let problem = Problem::new(ProblemKind::PermissionMissing, "", "No matching permissions found", "");
        let found = ReviewReport {
            findings: Vec::new(),
            unjudged: Vec::new(),
            unread: vec![UnreadPart { resource: None, name: "managers of Globex".into(), problem }],
            stale: Vec::new(),
            managers: 3,
            users: 2,
            resources: 2,
        };
        let about = About {
            instance: &"ZITADEL".into(),
            read: "2026-11-24T10:00:00Z".parse().expect("a time"),
            settings: &ReviewSettings::default(),
            accepted: Path::new("zitui-review.toml"),
        };
        export(found, about, Path::new(name))
    }

    #[rstest]
    #[case::markdown("out/review.md", "# Access review of ZITADEL")]
    #[case::csv("review.csv", "entry,severity,rule")]
    #[case::json("review.JSON", "{")]
    #[case::sarif("review.sarif", "{")]
    fn the_ending_names_the_format_and_blind_spots_are_part_of_each(#[case] name: &str, #[case] start: &str) {
        let text = exported(name).expect("a report");
        assert!(text.starts_with(start), "{text}");
        assert!(text.contains("managers of Globex"), "{text}");
        if start == "{" {
            let parsed: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            assert_eq!(parsed.get("runs").is_some(), name.ends_with("sarif"));
        }
    }

    #[rstest]
    #[case("review")]
    #[case("review.txt")]
    #[case(".md")]
    fn an_ending_that_names_no_format_says_which_there_are(#[case] name: &str) {
        let problem = exported(name).expect_err("refused");
        assert!(problem.fix.as_str().contains(".sarif"), "{problem}");
    }
}
