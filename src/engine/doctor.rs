//! Looks at everything that signing in and working needs, one thing after the other, and stops at nothing. What it
//! tells may be pasted into a ticket: no key, no token, no password of a proxy.

mod certificate;
mod network;
mod server;
mod tasks;

use jiff::Timestamp;

use super::sign_in::Secret;
use crate::auth::http::{HttpClient, HttpSettings};
use crate::auth::key_file::KeyFile;
use crate::auth::proxy::{Way, way_to};
use crate::config::profile::{Credential, Profile};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::text::SafeText;

/// A key or certificate that ends sooner than this is worth a warning, in seconds.
const SOON_SECONDS: i64 = 14 * 86_400;

/// One line of the examination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was looked at, in words that stay the same, e.g. `key file`.
    pub name: &'static str,
    /// How it stands.
    pub finding: Finding,
}

/// How a checked thing stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// As it should be, with what was found.
    Good(SafeText),
    /// It works, but somebody should know; with what to do.
    Warning {
        /// What was found.
        found: SafeText,
        /// What to do.
        fix: SafeText,
    },
    /// It does not work.
    Failed(Box<Problem>),
    /// It depends on something that failed.
    NotChecked(SafeText),
}

impl Finding {
    fn good(found: impl AsRef<str>) -> Self {
        Self::Good(SafeText::new(found.as_ref()))
    }

    fn warning(found: impl AsRef<str>, fix: impl AsRef<str>) -> Self {
        Self::Warning { found: SafeText::new(found.as_ref()), fix: SafeText::new(fix.as_ref()) }
    }

    fn failed(problem: Problem) -> Self {
        Self::Failed(Box::new(problem))
    }

    fn not_checked(why: &str) -> Self {
        Self::NotChecked(SafeText::new(why))
    }
}

/// Everything in its order.
const ORDER: &[&str] = &[
    "configuration",
    "key file",
    "DNS",
    "TCP",
    "TLS",
    "discovery",
    "issuer",
    "clock",
    "token",
    "audience",
    "who am I",
    "roles",
    "version",
    "API",
    "permissions",
    "proxy",
];

/// What was found so far.
#[derive(Debug, Default)]
struct Chart(Vec<Check>);

impl Chart {
    fn note(&mut self, name: &'static str, finding: Finding) {
        self.0.push(Check { name, finding });
    }

    fn not_checked(&mut self, names: &[&'static str], why: &str) {
        for name in names {
            self.note(name, Finding::not_checked(why));
        }
    }

    fn in_order(mut self) -> Vec<Check> {
        self.0.sort_by_key(|check| ORDER.iter().position(|name| *name == check.name));
        self.0
    }
}

/// Examines. `profile` is what the configuration came to, with a sentence that says where it came from.
pub async fn examine(profile: Result<(Profile, String), Problem>) -> Vec<Check> {
    let mut chart = Chart::default();
    let (profile, origin) = match profile {
        Ok(found) => found,
        Err(problem) => {
            chart.note("configuration", Finding::failed(problem));
            let rest = ORDER.get(1..).unwrap_or_default();
            chart.not_checked(rest, "there is no usable configuration");
            return chart.in_order();
        }
    };
    chart.note("configuration", Finding::good(origin));
    let secret = credential(&mut chart, &profile.credential).await;
    let base = match crate::auth::address::base_address(&profile.url) {
        Ok(base) => base,
        Err(refusal) => {
            chart.note("DNS", Finding::failed(refusal.problem()));
            chart.not_checked(ORDER.get(3..).unwrap_or_default(), "the address cannot be used");
            return chart.in_order();
        }
    };
    let way = way_to(&base);
    chart.note("proxy", Finding::good(through(&way)));
    let reached = network::examine(&mut chart, &base, &way).await;
    let settings = HttpSettings { ca_file: profile.ca_file.clone(), ..HttpSettings::default() };
    match HttpClient::build(&settings, &base).await {
        Ok(http) => Box::pin(server::examine(&mut chart, &profile, secret, http, base, reached)).await,
        Err(refusal) => {
            chart.note("TLS", Finding::failed(refusal.problem()));
            chart.not_checked(ORDER.get(5..15).unwrap_or_default(), "no HTTP client could be made");
        }
    }
    chart.in_order()
}

fn through(way: &Way) -> String {
    let with = |password: bool| if password { ", with a password" } else { "" };
    match way {
        Way::Direct => "none; the server is reached directly".to_owned(),
        Way::Through(proxy) => format!("{proxy}{}", with(proxy.with_password)),
        Way::Past(proxy) => format!("none; {proxy} is passed over, since the server is this machine"),
    }
}

/// The key, if the file is good. Its mode is told, its content is not.
async fn credential(chart: &mut Chart, credential: &Credential) -> Option<Secret> {
    const NAME: &str = "key file";
    let secret = match Secret::read(credential).await {
        Ok(secret) => secret,
        Err(refusal) => {
            chart.note(NAME, Finding::failed(refusal.problem()));
            return None;
        }
    };
    let finding = match (&secret, credential) {
        (Secret::Key(key), Credential::KeyFile(path)) => key_finding(key, path),
        (_, Credential::TokenFile(path)) => Finding::good(format!(
            "personal access token in {}{}; its expiry is known to the server only",
            path.display(),
            mode(path)
        )),
        _ => Finding::good("personal access token from ZITUI_TOKEN; its expiry is known to the server only"),
    };
    chart.note(NAME, finding);
    Some(secret)
}

fn key_finding(key: &KeyFile, path: &std::path::Path) -> Finding {
    let what = format!(
        "key {} of the service user {} in {}{}",
        key.key_id(),
        key.user_id(),
        path.display(),
        mode(path)
    );
    let Some(end) = key.expires() else { return Finding::good(format!("{what}, without an expiry date")) };
    let day = end.strftime("%Y-%m-%d");
    if end.as_second() - Timestamp::now().as_second() < SOON_SECONDS {
        return Finding::warning(
            format!("{what}, expires soon: {day}"),
            "create a new key at the service user in the console (Users › Service users › Keys)",
        );
    }
    Finding::good(format!("{what}, expires {day}"))
}

#[cfg(unix)]
fn mode(path: &std::path::Path) -> String {
    use std::os::unix::fs::PermissionsExt;
    let bits = path.metadata().map(|facts| facts.permissions().mode() & 0o777);
    bits.map(|bits| format!(", mode {bits:04o}")).unwrap_or_default()
}

#[cfg(not(unix))]
fn mode(_path: &std::path::Path) -> String {
    String::new()
}

/// The class of the worst failure; none where nothing failed.
pub fn worst(checks: &[Check]) -> Option<ProblemKind> {
    let failed = |check: &Check| match &check.finding {
        Finding::Failed(problem) => Some(problem.kind),
        _ => None,
    };
    let gravity = |kind: &ProblemKind| match kind {
        ProblemKind::Network | ProblemKind::Server => 4,
        ProblemKind::PermissionMissing => 1,
        ProblemKind::NotSignedIn => 3,
        _ => 2,
    };
    checks.iter().filter_map(failed).max_by_key(gravity)
}
