//! Switches that make the instance misbehave: slow, silent, broken, stale, wrong.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// One way to misbehave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Answer this much later.
    Latency(Duration),
    /// Read the request and never answer.
    Hang,
    /// Refuse with this status before anything is carried out, in the envelope of the endpoint.
    Status {
        /// The HTTP status.
        status: u16,
        /// The `Retry-After` header in seconds, if any.
        retry_after: Option<u32>,
        /// Answer with the HTML page of a proxy instead of an envelope.
        html: bool,
    },
    /// Carry the request out and answer with half of the JSON.
    BrokenJson,
    /// Close the connection without carrying the request out.
    CutBefore,
    /// Carry the request out, then close the connection without an answer.
    CutAfter,
    /// Lists show the state before the last write.
    Stale,
    /// Lists and permissions lag behind writes by this much instead of the usual delay.
    Lag(Duration),
    /// The token is refused as expired (401 AUTH-7fs1e).
    TokenExpired,
    /// The server's clock is off by this many seconds: `Date` and the checks of assertions.
    Clock(i64),
    /// Redirect to this URL.
    Redirect(String),
    /// Answer 200 with this many bytes of JSON.
    Oversized(usize),
}

/// A switched-on misbehaviour, possibly limited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    effect: Effect,
    path: Option<String>,
    method: Option<String>,
    remaining: Option<usize>,
}

impl Fault {
    /// Misbehaves on every request until switched off.
    pub const fn new(effect: Effect) -> Self {
        Self { effect, path: None, method: None, remaining: None }
    }

    /// Only on requests whose path contains this text.
    #[must_use]
    pub fn on(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Only on requests with this method.
    #[must_use]
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Only on the next so many requests that match.
    #[must_use]
    pub const fn times(mut self, count: usize) -> Self {
        self.remaining = Some(count);
        self
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        self.remaining != Some(0)
            && self.path.as_ref().is_none_or(|part| path.contains(part.as_str()))
            && self.method.as_ref().is_none_or(|only| only == method)
            && (self.effect != Effect::Stale || reads(method, path))
    }
}

/// Whether a request reads what writes change: stale answers count these and no others.
fn reads(method: &str, path: &str) -> bool {
    let call = path.rsplit('/').next().unwrap_or_default();
    let list = call.contains("search") || call.starts_with("List") || path == "/v2/users";
    (method == "GET" || list) && !path.contains("/roles/")
}

/// The switches of a running demo. Clones share them; they may be turned while requests run.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Vec<Fault>>>);

impl Faults {
    /// Switches a fault on, beside those that are on already.
    pub fn switch_on(&self, fault: Fault) {
        self.list().push(fault);
    }

    /// Switches everything off.
    pub fn clear(&self) {
        self.list().clear();
    }

    /// What befalls this request; counts it on the faults that match.
    pub(super) fn befall(&self, method: &str, path: &str) -> Vec<Effect> {
        let mut list = self.list();
        let mut effects = Vec::new();
        for fault in list.iter_mut().filter(|fault| fault.matches(method, path)) {
            fault.remaining = fault.remaining.map(|count| count - 1);
            effects.push(fault.effect.clone());
        }
        effects
    }

    fn list(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limited_fault_befalls_only_what_it_names_and_then_is_over() {
        let faults = Faults::default();
        faults.switch_on(Fault::new(Effect::Hang).on("/members").times(1));
        assert!(faults.befall("POST", "/v2/users").is_empty());
        assert_eq!(faults.befall("POST", "/admin/v1/members"), [Effect::Hang]);
        assert!(faults.befall("POST", "/admin/v1/members").is_empty());
    }

    #[test]
    fn stale_answers_are_not_used_up_by_writes() {
        let faults = Faults::default();
        faults.switch_on(Fault::new(Effect::Stale).times(1));
        assert!(faults.befall("POST", "/management/v1/orgs/me/members").is_empty());
        assert_eq!(faults.befall("POST", "/management/v1/orgs/me/members/_search"), [Effect::Stale]);
    }
}
