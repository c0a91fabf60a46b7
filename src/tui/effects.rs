//! Runs what the state machine wants done: one live request per slot, writes that nothing cancels, every answer
//! numbered. May use `app`, `engine`, `config` and `domain`.

mod browser;
mod files;
mod parts;
mod paths;
mod request;
mod sign_in;

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio_util::sync::CancellationToken;

pub use files::ReviewText;
pub use sign_in::{SignInFlags, SignInSources, StartDemo};

use crate::app::effect::{Request, Sequence, Slot};
use crate::app::event::{Answer, Event};
use crate::domain::change::{Change, Outcome};
use crate::domain::problem::{Problem, ProblemKind};
use crate::domain::session::ProfileFacts;
use crate::domain::text::SafeText;
use crate::engine::Session;

/// What a task tells the run loop; to be given to `Effects::accept`.
pub struct Report(Told);

enum Told {
    Replied(Slot, Sequence, Box<Reply>),
    RequestEnded(Slot, Sequence),
    Event(Event),
    WriteEnded,
}

enum Reply {
    SignedIn(Result<(ProfileFacts, Session), Problem>),
    Answer(Answer),
}

struct Live {
    sequence: Sequence,
    cancel: CancellationToken,
}

/// The effect runner. Lives beside the run loop; its tasks run wherever `handle` says.
pub struct Effects {
    handle: Handle,
    sources: SignInSources,
    review_text: ReviewText,
    session: Option<Session>,
    live: HashMap<Slot, Live>,
    requests: usize,
    writes: usize,
    // Unbounded, because a step of a write is told from a callback that cannot wait. What can queue up is bounded by
    // one request per slot and a few steps per write.
    sender: UnboundedSender<Told>,
    receiver: UnboundedReceiver<Told>,
}

impl Effects {
    /// A runner that is not signed in; reviews are exported as `review_text` writes them.
    pub fn new(handle: Handle, sources: SignInSources, review_text: ReviewText) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        Self {
            handle,
            sources,
            review_text,
            session: None,
            live: HashMap::new(),
            requests: 0,
            writes: 0,
            sender,
            receiver,
        }
    }

    /// The profiles to choose from, as screens need them.
    pub fn profile_facts(&self) -> Vec<ProfileFacts> {
        self.sources.profile_facts()
    }

    /// Requests and writes that have not ended, or whose end was not yet accepted.
    pub fn under_way(&self) -> usize {
        self.requests + self.writes
    }

    /// Writes that have not ended, or whose end was not yet accepted.
    pub fn writes_under_way(&self) -> usize {
        self.writes
    }

    /// The next report. Waits for ever while nothing is under way; safe to cancel.
    pub async fn next(&mut self) -> Report {
        match self.receiver.recv().await {
            Some(told) => Report(told),
            None => std::future::pending().await,
        }
    }

    /// Takes note of a report; returns what the state machine shall hear of it.
    pub fn accept(&mut self, report: Report) -> Option<Event> {
        match report.0 {
            Told::Event(event) => Some(event),
            Told::Replied(slot, sequence, reply) => {
                let answer = self.accept_reply(slot, sequence, *reply);
                Some(Event::Answered(sequence, Box::new(answer)))
            }
            Told::RequestEnded(slot, sequence) => {
                self.requests = self.requests.saturating_sub(1);
                if self.is_live(slot, sequence) {
                    self.live.remove(&slot);
                }
                None
            }
            Told::WriteEnded => {
                self.writes = self.writes.saturating_sub(1);
                None
            }
        }
    }

    fn accept_reply(&mut self, slot: Slot, sequence: Sequence, reply: Reply) -> Answer {
        match reply {
            Reply::Answer(answer) => answer,
            Reply::SignedIn(result) => Answer::SignedIn(result.map(|(profile, session)| {
                let facts = session.facts().clone();
                // The session changes only together with what the state machine believes: a sign-in that was left or
                // overtaken must not become the one that writes are made with.
                if self.is_live(slot, sequence) {
                    let settling = session.clone();
                    self.handle.spawn(async move { settling.settle().await });
                    self.session = Some(session);
                }
                (profile, facts)
            })),
        }
    }

    fn is_live(&self, slot: Slot, sequence: Sequence) -> bool {
        self.live.get(&slot).is_some_and(|live| live.sequence == sequence)
    }

    /// Starts a request after a pause; cancels what is under way in the slot.
    pub fn ask(&mut self, slot: Slot, sequence: Sequence, after: Duration, request: Request) {
        let cancel = CancellationToken::new();
        if let Some(earlier) = self.live.insert(slot, Live { sequence, cancel: cancel.clone() }) {
            earlier.cancel.cancel();
        }
        self.requests += 1;
        let reply = self.reply(slot, sequence, request, &cancel);
        let sender = self.sender.clone();
        self.handle.spawn(async move {
            let debounced = async {
                tokio::time::sleep(after).await;
                reply.await
            };
            // Sending fails only when the program ends.
            if let Some(reply) = cancel.run_until_cancelled(debounced).await {
                let _ = sender.send(Told::Replied(slot, sequence, Box::new(reply)));
            }
            let _ = sender.send(Told::RequestEnded(slot, sequence));
        });
    }

    fn reply(
        &self,
        slot: Slot,
        sequence: Sequence,
        request: Request,
        cancel: &CancellationToken,
    ) -> BoxFuture<'static, Reply> {
        if let Request::SignIn(target) = request {
            let sign_in = self.sources.sign_in(self.handle.clone(), target, cancel.clone());
            return sign_in.map(Reply::SignedIn).boxed();
        }
        let means = request::Means {
            session: self.session.clone(),
            paths: self.sources.paths().clone(),
            review_text: self.review_text,
        };
        let sender = self.sender.clone();
        let tell = move |part| {
            let _ = sender.send(Told::Replied(slot, sequence, Box::new(Reply::Answer(part))));
        };
        async move {
            let answer = request::answer(means, request.clone(), tell);
            let answer = AssertUnwindSafe(answer).catch_unwind().await;
            Reply::Answer(answer.unwrap_or_else(|panic| request::failed(&request, panicked(&*panic))))
        }
        .boxed()
    }

    /// Cancels what is under way in the slot.
    pub fn forget(&mut self, slot: Slot) {
        if let Some(live) = self.live.remove(&slot) {
            live.cancel.cancel();
        }
    }

    /// Starts a write, which nothing but the end of the program can stop.
    pub fn apply(&mut self, sequence: Sequence, change: Change, undoes: Option<SafeText>) {
        self.writes += 1;
        let session = self.session.clone();
        let sender = self.sender.clone();
        self.handle.spawn(async move {
            let observer = sender.clone();
            let write = async {
                let Some(session) = session else { return Outcome::Failed(request::not_signed_in()) };
                let observe = move |step| {
                    let _ = observer.send(Told::Event(Event::Applying(sequence, step)));
                };
                session.apply(&change, undoes.as_ref(), observe).await
            };
            let outcome = AssertUnwindSafe(write).catch_unwind().await;
            let outcome = outcome.unwrap_or_else(|panic| Outcome::Unknown(panicked(&*panic)));
            let _ = sender.send(Told::Event(Event::Applied(sequence, Box::new(outcome))));
            let _ = sender.send(Told::WriteEnded);
        });
    }

    /// Opens a page in the browser, without waiting for it.
    pub fn open(&self, address: String) {
        self.handle.spawn_blocking(move || browser::open(&address));
    }
}

/// A task that panicked answers like one that failed.
fn panicked(panic: &(dyn std::any::Any + Send)) -> Problem {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "unknown".to_owned());
    Problem::new(
        ProblemKind::Server,
        "zitui made a mistake",
        format!("internal error: {text}"),
        "please report it with what you did before",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::effect::SignInTarget;
    use crate::config::paths::Paths;
    use crate::domain::query::OrganizationQuery;

    fn effects(start_demo: StartDemo) -> Effects {
        let paths = Paths { config_file: "config.toml".into(), state_folder: "state".into() };
        let sources = SignInSources::new(Vec::new(), SignInFlags::default(), paths, start_demo);
        Effects::new(Handle::current(), sources, |_, _| Ok(String::new()))
    }

    fn no_demo() -> StartDemo {
        Box::new(|| Err(Problem::new(ProblemKind::NotFound, "no demo", "", "")))
    }

    fn organizations() -> Request {
        Request::Organizations(OrganizationQuery::default())
    }

    async fn all_events(effects: &mut Effects) -> Vec<Event> {
        let mut events = Vec::new();
        while effects.under_way() > 0 {
            let report = effects.next().await;
            events.extend(effects.accept(report));
        }
        events
    }

    fn sequences(events: &[Event]) -> Vec<Sequence> {
        events
            .iter()
            .filter_map(|event| match event {
                Event::Answered(sequence, _) => Some(*sequence),
                _ => None,
            })
            .collect()
    }

    #[tokio::test(start_paused = true)]
    async fn fast_typing_asks_once_and_the_last_question_wins() {
        let mut effects = effects(no_demo());
        for sequence in 1..=5 {
            effects.ask(Slot::Organizations, Sequence(sequence), Duration::from_millis(150), organizations());
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
        assert_eq!(sequences(&all_events(&mut effects).await), [Sequence(5)]);
    }

    #[tokio::test(start_paused = true)]
    async fn slots_do_not_disturb_each_other() {
        let mut effects = effects(no_demo());
        effects.ask(Slot::UserNames, Sequence(1), Duration::from_millis(20), organizations());
        effects.ask(Slot::Organizations, Sequence(2), Duration::from_millis(10), organizations());
        assert_eq!(sequences(&all_events(&mut effects).await), [Sequence(2), Sequence(1)]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_forgotten_is_not_answered() {
        let mut effects = effects(no_demo());
        effects.ask(Slot::Organizations, Sequence(1), Duration::from_secs(3600), organizations());
        effects.forget(Slot::Organizations);
        assert_eq!(all_events(&mut effects).await, []);
        assert!(effects.live.is_empty());
    }

    #[tokio::test]
    async fn who_is_not_signed_in_is_told_so() {
        let mut effects = effects(no_demo());
        effects.ask(Slot::Organizations, Sequence(1), Duration::ZERO, organizations());
        let expected = Answer::Organizations(Err(request::not_signed_in()));
        assert_eq!(all_events(&mut effects).await, [Event::Answered(Sequence(1), Box::new(expected))]);
    }

    #[tokio::test]
    async fn a_task_that_panics_answers_with_a_problem() {
        let mut effects = effects(Box::new(|| panic!("provoked by a test")));
        effects.ask(Slot::SignIn, Sequence(1), Duration::ZERO, Request::SignIn(SignInTarget::Demo));
        let events = all_events(&mut effects).await;
        let [Event::Answered(Sequence(1), answer)] = events.as_slice() else { panic!("{events:?}") };
        let Answer::SignedIn(Err(problem)) = &**answer else { panic!("{answer:?}") };
        assert!(problem.why.as_str().contains("provoked by a test"), "{problem}");
    }

    #[tokio::test]
    async fn a_sign_in_that_hangs_in_the_file_system_holds_up_nothing_else() {
        let (release, held) = std::sync::mpsc::channel::<()>();
        let start_demo: StartDemo = Box::new(move || {
            let _ = held.recv();
            Err(Problem::new(ProblemKind::NotFound, "no demo", "", ""))
        });
        let mut effects = effects(start_demo);
        effects.ask(Slot::SignIn, Sequence(1), Duration::ZERO, Request::SignIn(SignInTarget::Demo));
        effects.ask(Slot::Organizations, Sequence(2), Duration::ZERO, organizations());
        effects.forget(Slot::SignIn);
        assert_eq!(sequences(&all_events(&mut effects).await), [Sequence(2)]);
        drop(release);
    }
}
