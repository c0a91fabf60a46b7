//! Signs in with a profile, with what was typed, or to a demo instance started for it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::app::effect::SignInTarget;
use crate::config::address::instance_url;
use crate::config::paths::{Paths, expand_home};
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

    pub(super) const fn paths(&self) -> &Paths {
        &self.paths
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
            task.await.unwrap_or_else(|_cancelled| Err(left()))
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

/// The profile for a URL and a key file as typed.
fn typed_profile(url: &str, key_file: &str, flags: &SignInFlags) -> Result<Profile, Problem> {
    let url = instance_url(url)?;
    Ok(Profile {
        name: url.host_str().unwrap_or("instance").to_owned(),
        credential: Credential::KeyFile(expand_home(Path::new(key_file.trim()))),
        ca_file: flags.ca_file.clone(),
        colour: None,
        read_only: flags.read_only,
        protected: false,
        api: flags.api,
        token_cache: false,
        stored: false,
        url,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_instance_is_called_by_its_host_and_obeys_the_flags() {
        let flags = SignInFlags { ca_file: Some("/ca.pem".into()), api: ApiChoice::V1, read_only: true };
        let profile = typed_profile("auth.example.com", " key.json ", &flags).unwrap();
        assert_eq!((profile.ca_file, profile.api, profile.read_only), (flags.ca_file, ApiChoice::V1, true));
        assert_eq!(
            (profile.name.as_str(), profile.url.as_str()),
            ("auth.example.com", "https://auth.example.com/")
        );
        assert!(matches!(profile.credential, Credential::KeyFile(path) if path == Path::new("key.json")));
    }

    #[test]
    fn what_is_no_url_is_refused() {
        assert_eq!(
            typed_profile("", "key.json", &SignInFlags::default()).unwrap_err().kind,
            ProblemKind::Usage
        );
    }
}
