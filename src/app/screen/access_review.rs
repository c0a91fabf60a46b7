//! The access review: what is risky about who manages what, why, and the way to its fix. Findings can be looked into,
//! accepted for a while with a reason, and exported.

pub mod accept;
pub mod details;
pub mod rows;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::Behaviour;
use super::all_managers::Phase;
use crate::app::console;
use crate::app::cursor::Cursor;
use crate::app::effect::{Request, Sequence, Slot};
use crate::app::event::{Answer, Reviewed};
use crate::app::field::Field;
use crate::app::file_form::{self, FileForm};
use crate::app::go;
use crate::app::keys::{Action, place};
use crate::app::message::Tone;
use crate::app::search::grouped;
use crate::app::shared::Shared;
use crate::app::unread::Unread;
use crate::domain::copy_as;
use crate::domain::level::Resource;
use crate::domain::problem::Problem;
use crate::domain::review::acceptance::Acceptance;
use crate::domain::review::{Finding, Subject};
use accept::AcceptForm;
use details::Details;
use rows::Rows;

/// Where the review is exported to unless another path is typed.
const EXPORT_TITLE: &str = "Export the review into";
const EXPORT_FILE: &str = "access-review.md";
const EXPORT_HINT: &str = "The ending says the format: .md, .csv, .json or .sarif; tab completes the path";

/// What is filled in over the findings.
#[derive(Debug)]
pub enum Form {
    /// Accepting a finding.
    Accept(AcceptForm),
    /// Exporting the review.
    Export(FileForm),
}

/// The screen.
#[derive(Debug, Default)]
pub struct AccessReview {
    /// What was found, by the latest reading that ended.
    pub reviewed: Option<Reviewed>,
    /// Which findings are shown.
    pub rows: Rows,
    /// Which of them has the cursor.
    pub cursor: Cursor,
    /// What is typed as filter.
    pub field: Field,
    /// Whether the filter has the focus.
    pub typing: bool,
    /// How far reading is.
    pub phase: Phase,
    /// Lists read, of how many known so far.
    pub progress: Option<(u64, u64)>,
    /// Why reading failed as a whole.
    pub problem: Option<Problem>,
    /// What could not be read or judged.
    pub unread: Unread,
    /// The finding that is shown in full.
    pub details: Option<Details>,
    /// What is filled in.
    pub form: Option<Form>,
    /// Whether managers were changed after the review.
    pub outdated: bool,
}

impl AccessReview {
    fn read(&mut self, shared: &mut Shared) {
        let sequence = shared.ask(Slot::AccessReview, Duration::ZERO, Request::AccessReview);
        self.phase = Phase::Reading(sequence);
        self.progress = None;
        self.problem = None;
    }

    /// Whether the review is being read.
    pub const fn is_reading(&self) -> bool {
        matches!(self.phase, Phase::Reading(_))
    }

    fn findings(&self) -> &[Finding] {
        self.reviewed.as_ref().map_or(&[], |reviewed| &reviewed.report.findings)
    }

    /// The finding in this line of the list.
    pub fn finding(&self, line: usize) -> Option<&Finding> {
        self.findings().get(self.rows.at(line)?)
    }

    /// The finding that is shown in full, else the one with the cursor.
    pub fn focused(&self) -> Option<&Finding> {
        match &self.details {
            Some(details) => self.findings().get(details.place),
            None => self.finding(self.cursor.at),
        }
    }

    /// How much was found, in words.
    pub fn count(&self) -> String {
        let (shown, all) = (self.rows.len() as u64, self.findings().len() as u64);
        let noun = if all == 1 { "finding" } else { "findings" };
        let found =
            if shown == all { grouped(all) } else { format!("{} of {}", grouped(shown), grouped(all)) };
        let accepted = self.findings().iter().filter(|finding| finding.accepted.is_some()).count() as u64;
        let accepted = match (accepted, self.rows.hide_accepted) {
            (0, _) => String::new(),
            (some, false) => format!(", {} accepted", grouped(some)),
            (some, true) => format!(", {} accepted hidden", grouped(some)),
        };
        let progress = self
            .progress
            .map(|(done, known)| format!("reading {} of {} lists", grouped(done), grouped(known.max(done))));
        match (&self.phase, self.reviewed.is_some()) {
            (Phase::Reading(_), _) => progress.unwrap_or_else(|| "reading".to_owned()),
            (_, false) => String::new(),
            (_, true) => format!("{found} {noun}{accepted}"),
        }
    }

    /// What the list says above its rows, besides the search line.
    pub fn notices(&self) -> Vec<String> {
        let outdated = self.outdated && !self.is_reading();
        let outdated =
            outdated.then(|| "Managers were changed after this was read; r reviews again".to_owned());
        outdated.into_iter().chain(self.blind_spots()).collect()
    }

    /// One line about what the review could not look at; none where it looked at all.
    fn blind_spots(&self) -> Option<String> {
        let report = &self.reviewed.as_ref()?.report;
        let part = |count: usize, one: &str, many: &str| match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            _ => Some(format!("{} {many}", grouped(count as u64))),
        };
        let unjudged: BTreeSet<&str> = report.unjudged.iter().map(|(rule, _)| rule.id).collect();
        let parts: Vec<String> = [
            part(report.unread.len(), "list unread", "lists unread"),
            part(unjudged.len(), "rule not fully judged", "rules not fully judged"),
            part(report.stale.len(), "stale acceptance", "stale acceptances"),
        ]
        .into_iter()
        .flatten()
        .collect();
        (!parts.is_empty()).then(|| format!("Blind spots (w): {}", parts.join(", ")))
    }

    /// Visible lines of the list.
    fn height(&self, shared: &Shared) -> usize {
        shared.list_rows().saturating_sub(self.notices().len()).max(1)
    }

    fn fit(&mut self, shared: &Shared) {
        self.cursor.fit(self.rows.len(), self.height(shared));
    }

    fn set_filter(&mut self, shared: &Shared) {
        self.cursor.at = 0;
        self.refresh(shared);
    }

    fn reviewed(&mut self, result: &Result<Reviewed, Problem>, shared: &mut Shared) {
        self.phase = Phase::Ended;
        match result {
            Ok(reviewed) => self.take(reviewed.clone(), shared),
            Err(problem) => self.problem = Some(problem.clone()),
        }
    }

    /// Takes a new review in, with the cursor on the finding that it was on.
    fn take(&mut self, reviewed: Reviewed, shared: &mut Shared) {
        let key = self.focused().map(Finding::key);
        self.outdated = false;
        self.unread = Unread { open: self.unread.open, ..Unread::default() };
        self.unread.parts = details::blind_spots(&reviewed);
        self.rows.learn(&reviewed.report.findings);
        self.rows.show(&reviewed.report.findings, &self.field.text());
        self.reviewed = Some(reviewed);
        if let Some(key) = key {
            let at = (0..self.rows.len())
                .find(|line| self.finding(*line).is_some_and(|finding| finding.key() == key));
            self.cursor.put(at.unwrap_or(self.cursor.at), self.rows.len(), self.height(shared));
        }
        self.fit(shared);
        if let Some(open) = self.details.take() {
            let mut all = self.findings().iter().enumerate();
            match all.find(|(_, finding)| finding.key() == open.key) {
                Some((place, finding)) => self.details = Some(Details::of(place, finding, open.cursor)),
                None => shared.say(Tone::Good, format!("{} is not found any more", open.title)),
            }
        }
    }

    fn open(&mut self, shared: &mut Shared) {
        if let Some(details) = &self.details {
            details.open(shared);
            return;
        }
        let finding = self.rows.at(self.cursor.at).and_then(|at| Some((at, self.findings().get(at)?)));
        self.details = finding.map(|(place, finding)| Details::of(place, finding, Cursor::default()));
    }

    fn open_resource(&self, shared: &mut Shared) {
        let found = match (&self.details, self.focused()) {
            (Some(details), _) => details.resource(),
            (None, Some(finding)) => match &finding.subject {
                Subject::Resource { resource, name, .. } => Some((resource, name)),
                Subject::Manager(record) => Some((&record.manager.resource, &record.resource_name)),
                Subject::User(_) => {
                    finding.managers.first().map(|record| (&record.manager.resource, &record.resource_name))
                }
            },
            (None, None) => None,
        };
        match found {
            Some((resource, name)) => go::open_resource(resource, name, shared),
            None => shared.say(Tone::Note, "This is about no resource"),
        }
    }

    fn open_console(&self, shared: &mut Shared) {
        let path = match (&self.details, self.focused()) {
            (Some(details), _) => details.console_path(),
            (None, Some(finding)) => Some(rows::console_path(&finding.subject)),
            (None, None) => None,
        };
        match path {
            Some(path) => console::open(&path, shared),
            None => shared.say(Tone::Note, "The console has no page for this line"),
        }
    }

    fn accept(&mut self, shared: &Shared) {
        if let (Some(finding), Some(reviewed)) = (self.focused(), &self.reviewed) {
            self.form = Some(Form::Accept(AcceptForm::new(finding, reviewed, shared)));
        }
    }

    /// Marks the finding that was accepted, without reading everything again.
    fn accepted(&mut self, acceptance: &Acceptance, shared: &mut Shared) {
        let Some(reviewed) = &mut self.reviewed else { return };
        let report = Arc::make_mut(&mut reviewed.report);
        let found = report.findings.iter_mut().find(|finding| finding.key() == acceptance.finding.as_str());
        if let Some(finding) = found {
            finding.accepted = Some(acceptance.clone());
        }
        let file = reviewed.file.clone();
        let until = acceptance.until;
        self.rows.learn(self.reviewed.as_ref().map_or(&[][..], |reviewed| &reviewed.report.findings));
        self.refresh(shared);
        shared.say(
            Tone::Good,
            format!("Accepted until {until}, written to {file}; that file belongs into version control"),
        );
    }

    fn refresh(&mut self, shared: &Shared) {
        let findings = self.reviewed.as_ref().map_or(&[][..], |reviewed| &reviewed.report.findings);
        self.rows.show(findings, &self.field.text());
        self.fit(shared);
    }

    fn back(&mut self, shared: &mut Shared) -> bool {
        if let Some(form) = &mut self.form {
            let keeps_form = match form {
                Form::Accept(form) => {
                    if form.is_waiting() {
                        file_form::not_waited_for(shared);
                    }
                    false
                }
                Form::Export(form) => form.stop(shared),
            };
            if !keeps_form {
                self.form = None;
            }
        } else if self.details.is_some() && !self.is_reading() {
            self.details = None;
        } else if self.is_reading() {
            shared.forget(Slot::AccessReview);
            self.phase = Phase::Stopped;
            shared.say(Tone::Note, "Stopped; r reviews from the beginning");
        } else if self.typing || !self.field.is_empty() {
            self.typing = false;
            self.field.clear();
            self.set_filter(shared);
        } else {
            return false;
        }
        true
    }

    fn act_in_form(&mut self, action: Action, shared: &mut Shared) -> bool {
        match (&mut self.form, &self.reviewed) {
            (Some(Form::Accept(form)), _) => form.act(action, shared),
            (Some(Form::Export(form)), Some(reviewed)) => {
                form.act(action, |wish| Request::ExportReview(Box::new(reviewed.clone()), wish), shared)
            }
            _ => false,
        }
    }

    fn form_answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        let mut accepted = None;
        let done = match (&mut self.form, answer) {
            (Some(Form::Accept(form)), Answer::Accepted(result)) => {
                accepted = form.answered(sequence, result);
                accepted.is_some()
            }
            (Some(Form::Export(form)), _) => form.answered(sequence, answer, shared),
            _ => false,
        };
        if done {
            self.form = None;
        }
        if let Some(acceptance) = accepted {
            self.accepted(&acceptance, shared);
        }
    }
}

impl Behaviour for AccessReview {
    fn place(&self, _shared: &Shared) -> place::Place {
        match (&self.form, &self.details) {
            (Some(Form::Accept(_)), _) => place::ACCEPT_FORM,
            (Some(Form::Export(_)), _) => place::PATH_FORM,
            (None, _) if self.unread.open => place::UNREAD,
            (None, Some(_)) => place::FINDING,
            (None, None) if self.typing => place::SEARCH_FIELD,
            (None, None) => place::ACCESS_REVIEW,
        }
    }

    fn crumbs(&self) -> Vec<String> {
        let details = self.details.as_ref().map(|details| details.title.clone());
        let form = self.form.as_ref().map(|form| match form {
            Form::Accept(_) => "Accept".to_owned(),
            Form::Export(_) => "Export".to_owned(),
        });
        std::iter::once("Access review".to_owned()).chain(details).chain(form).collect()
    }

    fn shown(&mut self, shared: &mut Shared) {
        if let Phase::Reading(sequence) = self.phase
            && !shared.is_live(sequence)
        {
            self.phase = Phase::Stopped;
        }
        if self.phase == Phase::Unread {
            self.read(shared);
        }
    }

    fn resized(&mut self, shared: &mut Shared) {
        self.fit(shared);
    }

    fn act(&mut self, action: Action, shared: &mut Shared) -> bool {
        if action == Action::Back && self.form.is_some() {
            return self.back(shared);
        }
        if self.form.is_some() {
            return self.act_in_form(action, shared);
        }
        if self.unread.act(action, shared) {
            return true;
        }
        if self.unread.open && action != Action::ReadAgain {
            return false;
        }
        match action {
            Action::Open => self.open(shared),
            Action::OpenResource => self.open_resource(shared),
            Action::OpenConsole => self.open_console(shared),
            Action::CopyId => {
                if let Some(key) = self.focused().map(Finding::key) {
                    console::copy_key(&key, shared);
                }
            }
            Action::AcceptFinding => self.accept(shared),
            Action::Export => {
                self.form = Some(Form::Export(FileForm::new(EXPORT_TITLE, EXPORT_HINT, EXPORT_FILE)));
            }
            Action::ToggleAccepted => {
                self.rows.hide_accepted = !self.rows.hide_accepted;
                self.refresh(shared);
            }
            Action::ReadAgain => self.read(shared),
            Action::Search => self.typing = true,
            Action::AcceptText | Action::ToList => self.typing = false,
            Action::Back => return self.back(shared),
            _ => {
                let height = self.height(shared);
                return match &mut self.details {
                    Some(details) => details.act(action, shared),
                    None => self.cursor.act(action, self.rows.len(), height),
                };
            }
        }
        true
    }

    fn why_not(&self, action: Action, shared: &Shared) -> Option<String> {
        match action {
            Action::AcceptFinding => match self.focused() {
                None => Some("the cursor is on no finding".to_owned()),
                Some(finding) => finding.accepted.as_ref().map(|accepted| {
                    let file = self.reviewed.as_ref().map(|reviewed| reviewed.file.clone());
                    format!(
                        "it is accepted until {}; edit {} to take that back",
                        accepted.until,
                        file.unwrap_or_default()
                    )
                }),
            },
            Action::Export | Action::ShowUnread if self.reviewed.is_none() => {
                Some("nothing was reviewed so far".to_owned())
            }
            Action::ShowUnread if self.unread.parts.is_empty() => {
                Some("everything could be read and judged".to_owned())
            }
            Action::Open | Action::CopyId | Action::OpenConsole | Action::OpenResource
                if self.focused().is_none() =>
            {
                Some("the cursor is on no finding".to_owned())
            }
            Action::ChangeRoles | Action::RemoveManager => {
                self.details.as_ref().and_then(|details| details.why_not(action, shared))
            }
            _ => None,
        }
    }

    fn copyable(&self, _shared: &Shared) -> Option<copy_as::Subject> {
        let list = || self.rows.listed(self.findings(), &self.field.text());
        let list = self.details.is_none().then(list);
        Some(copy_as::Subject::Review(list, self.focused().cloned().map(Box::new)))
    }

    fn field(&mut self) -> Option<&mut Field> {
        match &mut self.form {
            Some(Form::Accept(form)) => form.field(),
            Some(Form::Export(form)) => form.field(),
            None => self.typing.then_some(&mut self.field),
        }
    }

    fn typed(&mut self, _at_once: bool, shared: &mut Shared) {
        match &mut self.form {
            Some(Form::Accept(form)) => form.typed(),
            Some(Form::Export(form)) => form.typed(),
            None => self.set_filter(shared),
        }
    }

    fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) {
        let is_reading = self.phase == Phase::Reading(sequence);
        match answer {
            Answer::Progress { done, known } if is_reading => self.progress = Some((*done, *known)),
            Answer::Reviewed(result) if is_reading => self.reviewed(result, shared),
            _ => self.form_answered(sequence, answer, shared),
        }
    }

    fn changed(&mut self, _resource: &Resource, _shared: &mut Shared) {
        self.outdated = self.reviewed.is_some();
    }
}
