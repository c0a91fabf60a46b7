//! Signs in with a profile, with what was typed, or to a demo instance started for it.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{panicked, paths};
use crate::app::effect::SignInTarget;
use crate::config::paths::Paths;
use crate::config::profile::{ApiChoice, Credential, Profile};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::session::ProfileFacts;
use crate::engine::{self, Session};

/// Starts a demo instance and returns the profile to sign in with. May take its time.
pub type StartDemo = Box<dyn FnMut() -> Result<Profile, Problem> + Send>;

/// What the command line says about instances that are typed in.
#[derive(Clone, Debug, Default)]
pub struct SignInFlags {
    /// Certificates to trust besides those of the system (PEM).
    pub ca_file: Option<PathBuf>,
    /// Which generation of the API to write with.
    pub api: ApiChoice,
    /// Nothing may be written.
    pub read_only: bool,
}

/// Where one can sign in.
#[derive(Clone)]
pub struct SignInSources {
    profiles: Arc<[Profile]>,
    flags: SignInFlags,
    paths: Paths,
    start_demo: Arc<Mutex<StartDemo>>,
}

impl fmt::Debug for SignInSources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInSources")
            .field("profiles", &self.profiles)
            .field("flags", &self.flags)
            .field("paths", &self.paths)
            .finish_non_exhaustive()
    }
}

impl SignInSources {
    /// All the ways to sign in.
    pub fn new(profiles: Vec<Profile>, flags: SignInFlags, paths: Paths, start_demo: StartDemo) -> Self {
        Self { profiles: profiles.into(), flags, paths, start_demo: Arc::new(Mutex::new(start_demo)) }
    }

    pub(super) fn profile_facts(&self) -> Vec<ProfileFacts> {
        self.profiles.iter().map(Profile::facts).collect()
    }

    /// Signs in on a thread of its own: reading the key file, building the HTTP client (5 to 18 ms) and signing block,
    /// and a key file on a dead network disk would hold up the answers to everything else. Another thread must drive
    /// the runtime of `handle`.
    pub(super) fn sign_in(
        &self,
        handle: Handle,
        target: SignInTarget,
        cancel: CancellationToken,
    ) -> impl Future<Output = Result<(ProfileFacts, Session), Problem>> + Send + use<> {
        let sources = self.clone();
        async move {
            let runtime = handle.clone();
            let task = handle.spawn_blocking(move || {
                let profile = sources.profile(target)?;
                let session = cancel.run_until_cancelled(engine::sign_in(&profile, &sources.paths));
                let session = runtime.block_on(session).unwrap_or_else(|| Err(left()))?;
                Ok((profile.facts(), session))
            });
            task.await.unwrap_or_else(|failure| {
                Err(failure.try_into_panic().map_or_else(|_cancelled| left(), |panic| panicked(&*panic)))
            })
        }
    }

    fn profile(&self, target: SignInTarget) -> Result<Profile, Problem> {
        match target {
            SignInTarget::Profile(place) => self.profiles.get(place).cloned().ok_or_else(|| {
                Problem::new(
                    ProblemKind::NotFound,
                    "Cannot sign in",
                    "there is no such profile",
                    "choose another",
                )
            }),
            SignInTarget::Typed { url, key_file } => typed_profile(&url, &key_file, &self.flags),
            SignInTarget::Demo => {
                let mut start_demo = self.start_demo.lock().unwrap_or_else(PoisonError::into_inner);
                start_demo()
            }
        }
    }
}

fn left() -> Problem {
    Problem::new(ProblemKind::Interrupted, "Not signed in", "the sign-in was left", "")
}

/// The profile for a URL and a key file as typed. Without a scheme, `https` is meant.
fn typed_profile(url: &str, key_file: &str, flags: &SignInFlags) -> Result<Profile, Problem> {
    let (url, key_file) = (url.trim(), key_file.trim());
    let refused = |why: String, fix: &str| Problem::new(ProblemKind::Usage, "Cannot sign in", why, fix);
    if url.is_empty() {
        return Err(refused(
            "no URL was given".to_owned(),
            "type the URL of the instance, e.g. auth.example.com",
        ));
    }
    if key_file.is_empty() {
        return Err(refused(
            "no key file was given".to_owned(),
            "type the path of the key file of a service user; Tab completes it",
        ));
    }
    let whole = if url.contains("://") { url.to_owned() } else { format!("https://{url}") };
    let parsed = Url::parse(&whole).map_err(|error| {
        refused(
            format!("{url} is no URL: {error}"),
            "type the URL of the instance, e.g. https://auth.example.com",
        )
    })?;
    let host = parsed.host_str().ok_or_else(|| {
        refused(format!("{url} names no host"), "type the URL of the instance, e.g. https://auth.example.com")
    })?;
    Ok(Profile {
        name: host.to_owned(),
        credential: Credential::KeyFile(paths::expand(key_file)),
        ca_file: flags.ca_file.clone(),
        colour: None,
        read_only: flags.read_only,
        protected: false,
        api: flags.api,
        url: parsed,
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("auth.example.com", "https://auth.example.com/")]
    #[case(" auth.example.com:8443 ", "https://auth.example.com:8443/")]
    #[case("localhost:8080", "https://localhost:8080/")]
    #[case("http://localhost:8080", "http://localhost:8080/")]
    fn a_url_without_scheme_means_https(#[case] typed: &str, #[case] expected: &str) {
        let profile = typed_profile(typed, "/keys/prod.json", &SignInFlags::default()).unwrap();
        assert_eq!(profile.url.as_str(), expected);
    }

    #[rstest]
    #[case("", "key.json", "no URL")]
    #[case("auth.example.com", " ", "no key file")]
    #[case("https://", "key.json", "no URL")]
    #[case("auth.example.com:port", "key.json", "no URL")]
    #[case("data:,", "key.json", "no URL")]
    #[case("file:///etc", "key.json", "no host")]
    fn what_cannot_be_used_is_named(#[case] url: &str, #[case] key_file: &str, #[case] why: &str) {
        let problem = typed_profile(url, key_file, &SignInFlags::default()).unwrap_err();
        assert_eq!(problem.kind, ProblemKind::Usage);
        assert!(problem.why.as_str().contains(why), "{problem}");
        assert!(!problem.fix.is_empty());
    }

    #[test]
    fn flags_count_for_typed_instances() {
        let flags = SignInFlags { ca_file: Some("/ca.pem".into()), api: ApiChoice::V1, read_only: true };
        let profile = typed_profile("auth.example.com", "key.json", &flags).unwrap();
        assert_eq!((profile.ca_file, profile.api, profile.read_only), (flags.ca_file, ApiChoice::V1, true));
        assert_eq!(profile.name, "auth.example.com");
    }
}
