//! The form that accepts a finding: why it may stay, until when, and who says so.

use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Span, Timestamp};

use super::rows::title;
use crate::app::effect::{Request, Sequence, Slot};
use crate::app::event::Reviewed;
use crate::app::field::Field;
use crate::app::keys::Action;
use crate::app::message::Tone;
use crate::app::shared::Shared;
use crate::domain::problem::Problem;
use crate::domain::review::Finding;
use crate::domain::review::acceptance::Acceptance;
use crate::domain::text::SafeText;

/// How long an acceptance counts unless another day is typed.
const DAYS: i64 = 90;

/// The form.
#[derive(Debug)]
pub struct AcceptForm {
    /// What is accepted, in words.
    pub title: String,
    /// The file it is written into.
    pub file: SafeText,
    /// Reason, last day, author.
    pub fields: [Field; 3],
    /// Which field has the focus.
    pub focus: usize,
    /// Why it could not be written.
    pub problem: Option<Problem>,
    finding: String,
    today: Date,
    pending: Option<(Sequence, Acceptance)>,
}

impl AcceptForm {
    /// The names of the fields.
    pub const NAMES: [&str; 3] = ["Reason", "Until ", "Author"];

    pub(super) fn new(finding: &Finding, reviewed: &Reviewed, shared: &Shared) -> Self {
        let today = day_of(reviewed.read);
        let until = today.saturating_add(Span::new().days(DAYS));
        let own = shared.facts().map(|facts| facts.identity.display_name.or(&facts.identity.login_name));
        let author = reviewed.author.or(&own.unwrap_or_default());
        Self {
            title: format!("{} {}", finding.rule.id, title(&finding.subject)),
            file: reviewed.file.clone(),
            fields: [Field::default(), Field::new(&until.to_string()), Field::new(author.as_str())],
            focus: 0,
            problem: None,
            finding: finding.key(),
            today,
            pending: None,
        }
    }

    /// Whether the file is being written.
    pub const fn is_waiting(&self) -> bool {
        self.pending.is_some()
    }

    pub(super) fn field(&mut self) -> Option<&mut Field> {
        let waiting = self.is_waiting();
        self.fields.get_mut(self.focus).filter(|_| !waiting)
    }

    pub(super) fn typed(&mut self) {
        self.problem = None;
    }

    pub(super) fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        let count = self.fields.len();
        match action {
            Action::NextField => self.focus = (self.focus + 1) % count,
            Action::PreviousField => self.focus = (self.focus + count - 1) % count,
            Action::AcceptText if self.is_waiting() => {}
            Action::AcceptText => match self.acceptance() {
                Ok(acceptance) => {
                    let comment = self.title.clone();
                    let request = Request::Accept { acceptance: Box::new(acceptance.clone()), comment };
                    self.problem = None;
                    self.pending = Some((shared.ask(Slot::File, Duration::ZERO, request), acceptance));
                }
                Err((field, why)) => {
                    self.focus = field;
                    shared.say(Tone::Warning, why);
                }
            },
            _ => return false,
        }
        true
    }

    /// What is typed, or which field is wrong and why.
    fn acceptance(&self) -> Result<Acceptance, (usize, String)> {
        let [reason, until, author] = self.fields.each_ref().map(|field| field.text().trim().to_owned());
        if reason.is_empty() {
            return Err((0, "Type why this may stay; whoever reviews the file reads it".to_owned()));
        }
        let until: Date = until.parse().map_err(|_no_date| {
            (1, format!("{until:?} is no day; type the last day as YYYY-MM-DD, e.g. {}", self.today))
        })?;
        if until < self.today {
            return Err((1, format!("{until} is past; type the last day on which this shall count")));
        }
        if author.is_empty() {
            return Err((2, "Type who accepts this".to_owned()));
        }
        let (finding, reason, author) = (SafeText::new(&self.finding), reason.into(), author.into());
        Ok(Acceptance { finding, reason, author, until })
    }

    /// Takes the answer; the acceptance if that is written.
    pub(super) fn answered(
        &mut self,
        sequence: Sequence,
        result: &Result<(), Problem>,
    ) -> Option<Acceptance> {
        let (_, acceptance) = self.pending.take_if(|(own, _)| *own == sequence)?;
        self.problem = result.as_ref().err().cloned();
        result.is_ok().then_some(acceptance)
    }
}

/// The day as the review counts it.
fn day_of(time: Timestamp) -> Date {
    Offset::UTC.to_datetime(time).date()
}
