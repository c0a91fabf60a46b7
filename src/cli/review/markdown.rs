//! The report as Markdown, for tickets and merge requests. Names from the server cannot make markup of it.

use std::fmt::Write as _;

use super::report::{Report, accepted, concerned, count, extent, stale, subject, summary, unread};
use crate::domain::review::{Finding, Severity};

/// So many managers of a finding are told one by one.
const TOLD: usize = 20;

/// The whole report.
pub(super) fn markdown(report: &Report<'_>) -> String {
    let mut text = format!("# Access review of {}\n\n", escaped(report.instance().as_str()));
    let _ = writeln!(text, "{}: {}.", sentence(&extent(report)), summary(report));
    if report.below() > 0 {
        let _ = writeln!(text, "\nNot shown: {} that matter less.", count(report.below(), "findings"));
    }
    for (name, severity) in Severity::NAMED.iter().rev() {
        let findings = report.of(*severity);
        if findings.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n## {} ({})\n", sentence(name), findings.len());
        text.push_str("| rule | about | why | managers | what to do | key |\n");
        text.push_str("|---|---|---|---|---|---|\n");
        for finding in findings {
            row(&mut text, finding);
        }
    }
    let unjudged = report.unjudged().iter();
    list(&mut text, "What could not be read", report.unread().iter().map(unread));
    list(
        &mut text,
        "Rules that could not be judged, wholly or in part",
        unjudged.map(|(rule, why)| format!("{} {}: {why}", rule.id, rule.title)),
    );
    list(&mut text, "Acceptances to remove", report.stale().map(stale));
    if report.unread().is_empty() {
        text.push_str("\nEverything could be read.\n");
    }
    text
}

fn row(text: &mut String, finding: &Finding) {
    let managers: Vec<String> = concerned(finding, TOLD).iter().map(|line| escaped(line)).collect();
    let commands = finding.commands.iter().map(|command| code(command));
    let accepted = finding.accepted.as_ref().map(|held| escaped(&format!("Accepted by {}", accepted(held))));
    let to_do: Vec<String> =
        [escaped(finding.fix.as_str())].into_iter().chain(commands).chain(accepted).collect();
    let _ = writeln!(
        text,
        "| {} {} | {} | {} | {} | {} | {} |",
        finding.rule.id,
        escaped(finding.rule.title),
        escaped(&subject(&finding.subject)),
        escaped(finding.reason.as_str()),
        managers.join("<br>"),
        to_do.join("<br>"),
        code(&finding.key()),
    );
}

fn list(text: &mut String, title: &str, entries: impl Iterator<Item = String>) {
    for (place, entry) in entries.enumerate() {
        if place == 0 {
            let _ = writeln!(text, "\n## {title}\n");
        }
        let _ = writeln!(text, "- {}", escaped(&entry));
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Text that means only itself, also to those who make links and calls of it without any mark. Marks between letters,
/// as in `ORG_OWNER` and in addresses, are none for Markdown.
fn escaped(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let is_word = |place: Option<usize>| {
        place.and_then(|place| letters.get(place)).is_some_and(|letter| letter.is_alphanumeric())
    };
    let mut escaped = String::with_capacity(text.len());
    for (place, letter) in letters.iter().enumerate() {
        let begins = escaped.trim_end().is_empty();
        let inside = is_word(place.checked_sub(1)) && is_word(Some(place + 1));
        let is_mark = match letter {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' | '$' | '&' => true,
            '_' => !inside,
            '-' | '+' | '#' => begins,
            ':' => letters.get(place + 1) == Some(&'/'),
            '.' => escaped.to_lowercase().ends_with("www"),
            _ => false,
        };
        if is_mark {
            escaped.push('\\');
        }
        escaped.push(*letter);
        if *letter == '@' && !is_word(place.checked_sub(1)) {
            escaped.push_str("<!-- -->");
        }
    }
    escaped
}

/// Text in a fixed width, in a cell of a table. A fence longer than any inside keeps it together.
fn code(text: &str) -> String {
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let blank = if longest > 0 { " " } else { "" };
    format!("{fence}{blank}{}{blank}{fence}", text.replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("Alice Adams (a-b@c.example): ORG_OWNER", "Alice Adams (a-b@c.example): ORG_OWNER")]
    #[case::cell("a | b", "a \\| b")]
    #[case::escaped_cell("a \\| b", "a \\\\\\| b")]
    #[case::code("`rm`", "\\`rm\\`")]
    #[case::link("[x](https://evil.example)", "\\[x\\](https\\://evil.example)")]
    #[case::bare_link("WWW.evil.example", "WWW\\.evil.example")]
    #[case::markup("<img src=x> **b** _i_ ~s~ &lt;", "\\<img src=x\\> \\*\\*b\\*\\* \\_i\\_ \\~s\\~ \\&lt;")]
    #[case::call("@octocat", "@<!-- -->octocat")]
    #[case::list_at_the_start("- a - b", "\\- a - b")]
    #[case::title_at_the_start("# a # b", "\\# a # b")]
    fn text_means_only_itself(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(escaped(text), expected);
    }

    #[rstest]
    #[case::plain("ZR001/instance", "`ZR001/instance`")]
    #[case::cell("a|b", "`a\\|b`")]
    #[case::fence("a`b``c", "``` a`b``c ```")]
    fn code_stays_together(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(code(text), expected);
    }
}
