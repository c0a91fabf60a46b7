//! Takes events in: finds out what a key means, whom an answer concerns, and where to go next.

use super::App;
use super::effect::{Effect, Sequence, SignInTarget};
use super::event::{Answer, Event, Key};
use super::field::Edit;
use super::help::Help;
use super::keys::{self, Action, Binding, Meaning, place};
use super::message::Tone;
use super::named_resource::NamedResource;
use super::outcome;
use super::palette::{Destination, Palette};
use super::screen::access_review::AccessReview;
use super::screen::all_managers::AllManagers;
use super::screen::basket::BasketScreen;
use super::screen::copy_as::CopyAs;
use super::screen::history::History;
use super::screen::leaving::{Leaving, Wish};
use super::screen::managers_screen::ManagersScreen;
use super::screen::menu::Menu;
use super::screen::opening::Opening;
use super::screen::organization::OrganizationScreen;
use super::screen::organizations::Organizations;
use super::screen::person::Person;
use super::screen::profiles::Profiles;
use super::screen::sign_in::SignIn;
use super::screen::snapshots::Snapshots;
use super::screen::users::Users;
use super::screen::{Behaviour, Screen};
use super::shared::{Navigation, ScreenId, Shared};
use crate::domain::change::{ApplyStep, Outcome};
use crate::domain::copy_as::Instance;
use crate::domain::id::UserId;
use crate::domain::level::Resource;
use crate::domain::link::Link;
use crate::domain::manager::Manager;
use crate::domain::problem::Problem;
use crate::domain::text::SafeText;

/// A screen of the stack.
#[derive(Debug)]
pub(super) struct Entry {
    id: ScreenId,
    pub(super) screen: Screen,
}

impl App {
    pub(super) fn take_in(&mut self, event: Event) {
        match event {
            Event::Key(key) => self.key(key),
            Event::Paste(text) => self.paste(&text),
            Event::Resized { columns, rows } => {
                (self.shared.columns, self.shared.rows) = (columns, rows);
                self.with_top(|screen, shared| screen.resized(shared));
            }
            Event::Answered(sequence, answer) => self.answered(sequence, &answer),
            Event::Applying(sequence, step) => self.applying(sequence, step),
            Event::Applied(sequence, outcome) => self.applied(sequence, &outcome),
            Event::Tick => self.shared.tick(),
        }
        self.follow();
    }

    /// The place whose keys hold now.
    pub fn place(&self) -> place::Place {
        if self.palette.is_some() {
            return place::PALETTE;
        }
        match (&self.help, self.top()) {
            (Some(_), _) => place::HELP,
            (None, Some(screen)) => screen.behaviour().place(&self.shared),
            (None, None) => place::SIGN_IN,
        }
    }

    fn key(&mut self, key: Key) {
        let place = self.place();
        let began = self.began.take();
        match keys::meaning(place, began.as_deref(), &keys::name(key)) {
            Meaning::Bound(binding) => self.run(binding),
            Meaning::Begins => self.began = Some(keys::name(key)),
            Meaning::Nothing if keys::takes_text(place) => {
                if let Some(field) = self.field()
                    && field.key(key) == Edit::Changed
                {
                    self.typed(false);
                }
            }
            Meaning::Nothing => {}
        }
    }

    fn paste(&mut self, text: &str) {
        self.began = None;
        if self.help.is_none()
            && self.palette.is_none()
            && self.with_top(|screen, shared| screen.pasted(text, shared))
        {
            return;
        }
        if keys::takes_text(self.place())
            && let Some(field) = self.field()
            && field.insert(text) == Edit::Changed
        {
            self.typed(true);
        }
    }

    fn field(&mut self) -> Option<&mut super::field::Field> {
        if let Some(palette) = &mut self.palette {
            return Some(&mut palette.field);
        }
        if let Some(help) = &mut self.help {
            return Some(&mut help.field);
        }
        self.stack.last_mut()?.screen.behaviour_mut().field()
    }

    fn typed(&mut self, at_once: bool) {
        if let Some(palette) = &mut self.palette {
            palette.typed();
        } else if let Some(help) = &mut self.help {
            help.cursor = super::cursor::Cursor::default();
        } else {
            self.with_top(|screen, shared| screen.typed(at_once, shared));
        }
    }

    /// Why a binding cannot be done now; none if it can.
    pub fn why_not(&self, binding: &Binding) -> Option<String> {
        if self.help.is_some() || self.palette.is_some() { None } else { self.why_not_below(binding) }
    }

    /// Why a binding cannot be done now on the screen below the help; none if it can.
    pub fn why_not_below(&self, binding: &Binding) -> Option<String> {
        let reason = self.top().and_then(|screen| screen.behaviour().why_not(binding.action, &self.shared));
        reason.or_else(|| if binding.writes { self.shared.why_read_only() } else { None })
    }

    fn run(&mut self, binding: &'static Binding) {
        if let Some(reason) = self.why_not(binding) {
            self.shared.say(Tone::Warning, format!("Cannot {}: {reason}", binding.deed()));
            return;
        }
        self.act(binding.action);
    }

    /// Does an action where one is. Tells whether it has a meaning there.
    pub(super) fn act(&mut self, action: Action) -> bool {
        if self.palette.is_some() {
            return self.act_in_palette(action);
        }
        if self.help.is_some() {
            return self.act_in_help(action);
        }
        match action {
            Action::Quit => self.quit(),
            Action::Suspend => self.shared.effects.push(Effect::Suspend),
            Action::Help => self.help = Some(Help::new(self.place())),
            Action::Leave => self.leave(),
            Action::GoMenu => self.go_to_menu(),
            Action::GoOrganizations => {
                self.go_to_list(|screen| matches!(screen, Screen::Organizations(_)), Organizations::new());
            }
            Action::GoInstanceManagers => {
                let new = ManagersScreen::instance(&self.shared);
                let is_it =
                    |screen: &Screen| matches!(screen, Screen::Managers(screen) if screen.is_of_instance());
                self.go_to_list(is_it, new);
            }
            Action::GoUsers => self.go_to_list(|screen| matches!(screen, Screen::Users(_)), Users::new()),
            Action::GoAllManagers => {
                let is_it = |screen: &Screen| matches!(screen, Screen::AllManagers(screen) if screen.snapshot.is_none());
                self.go_to_list(is_it, AllManagers::default());
            }
            Action::GoAccessReview => {
                self.go_to_list(|screen| matches!(screen, Screen::AccessReview(_)), AccessReview::default());
            }
            Action::GoSignIn => self.shared.go(Navigation::SignIn),
            Action::GoHistory => {
                self.go_to_list(|screen| matches!(screen, Screen::History(_)), History::default());
            }
            Action::GoProfiles => {
                if !self.top().is_some_and(|screen| matches!(screen, Screen::Profiles(_))) {
                    self.push(Screen::from(Profiles::default()));
                }
            }
            Action::GoSnapshots => {
                if !self.top().is_some_and(|screen| matches!(screen, Screen::Snapshots(_))) {
                    self.push(Screen::from(Snapshots::default()));
                }
            }
            Action::ShowBasket => {
                if !self.with_top(|screen, shared| screen.act(Action::ShowBasket, shared)) {
                    self.go_to_basket();
                }
            }
            Action::CopyAs => self.copy_as(),
            Action::Palette => self.palette = Some(Palette::new(self.place(), &self.shared)),
            Action::Out if self.with_top(|screen, shared| screen.act(Action::Out, shared)) => {}
            Action::Back | Action::Out => {
                if !self.with_top(|screen, shared| screen.act(Action::Back, shared)) {
                    self.shared.go(Navigation::Back);
                }
            }
            _ => return self.with_top(|screen, shared| screen.act(action, shared)),
        }
        true
    }

    fn act_in_help(&mut self, action: Action) -> bool {
        let Some(help) = &mut self.help else { return false };
        match action {
            Action::Back | Action::Help => self.help = None,
            Action::Open => {
                if let Some(binding) = help.chosen() {
                    self.help = None;
                    self.run(binding);
                } else {
                    self.shared.say(Tone::Note, "This key has no meaning on the screen below");
                }
            }
            Action::Quit => {
                self.help = None;
                self.quit();
            }
            Action::Suspend => self.shared.effects.push(Effect::Suspend),
            _ => return help.act(action, self.shared.rows),
        }
        true
    }

    fn act_in_palette(&mut self, action: Action) -> bool {
        let Some(palette) = &mut self.palette else { return false };
        match action {
            Action::Back => self.palette = None,
            Action::Open => {
                if let Some(destination) = palette.chosen() {
                    self.palette = None;
                    self.go_to(destination);
                }
            }
            Action::Help => {
                self.palette = None;
                self.help = Some(Help::new(self.place()));
            }
            Action::Quit => {
                self.palette = None;
                self.quit();
            }
            Action::Suspend => self.shared.effects.push(Effect::Suspend),
            _ => return palette.act(action, self.shared.rows),
        }
        true
    }

    fn go_to(&mut self, destination: Destination) {
        match destination {
            Destination::Action(binding) => self.run(binding),
            Destination::Organization(organization) => {
                self.shared.open(OrganizationScreen::new(organization));
            }
            Destination::Profile(index) => {
                self.push(Screen::from(SignIn::new(Some(SignInTarget::Profile(index)))));
            }
            Destination::User(user) => self.shared.open(Person::of_manager(user)),
            Destination::Project(project) => {
                super::go::open_resource(&project.resource(), &project.title(), &mut self.shared);
            }
        }
    }

    fn leave(&mut self) {
        if self.stack.len() > 1 {
            self.shared.go(Navigation::Back);
        } else {
            self.quit();
        }
    }

    /// Leaves the program; with chosen changes that were not applied it asks first, once.
    fn quit(&mut self) {
        let is_asking = self.top().is_some_and(|screen| matches!(screen, Screen::Leaving(_)));
        let has_unsent = self
            .stack
            .iter()
            .any(|entry| matches!(&entry.screen, Screen::Review(review) if review.has_unsent()));
        if is_asking || (self.shared.basket.is_empty() && !has_unsent) {
            if !self.shared.writes.is_empty() {
                self.shared
                    .say(Tone::Note, "Leaves when the change under way has ended; once more leaves at once");
            }
            self.shared.effects.push(Effect::Quit);
        } else {
            self.push(Screen::from(Leaving::new(Wish::Quit)));
        }
    }

    fn copy_as(&mut self) {
        let subject = self.top().and_then(|screen| screen.behaviour().copyable(&self.shared));
        let offers = subject.zip(self.shared.session.as_ref()).map(|(subject, session)| {
            Instance { profile: &session.profile, facts: &session.facts }.offers(&subject)
        });
        match offers {
            Some(offers) if !offers.is_empty() => self.shared.open(CopyAs::new(offers)),
            _ => self.shared.say(Tone::Note, "There is nothing here that could be copied"),
        }
    }

    /// Goes where the program was told to go when it was started.
    fn follow_link(&mut self) {
        match self.link.take() {
            None => {}
            Some(Link::Thing(named, name)) => self.push(Screen::from(Opening::new(named, name))),
            Some(Link::History) => {
                self.act(Action::GoHistory);
            }
            Some(Link::Review) => {
                self.act(Action::GoAccessReview);
            }
        }
    }

    fn go_to_basket(&mut self) {
        if self.shared.session.is_none() {
            self.shared.say(Tone::Note, "Sign in first");
        } else if !self.top().is_some_and(|screen| matches!(screen, Screen::Basket(_))) {
            self.push(Screen::from(BasketScreen::default()));
        }
    }

    /// Calls the screen on top, with the things all share.
    fn with_top<R: Default>(&mut self, call: impl FnOnce(&mut dyn Behaviour, &mut Shared) -> R) -> R {
        let Some(entry) = self.stack.last_mut() else { return R::default() };
        self.shared.current = entry.id;
        call(entry.screen.behaviour_mut(), &mut self.shared)
    }

    fn answered(&mut self, sequence: Sequence, answer: &Answer) {
        let more_follow = matches!(answer, Answer::Inventory(_) | Answer::Progress { .. });
        let owner =
            if more_follow { self.shared.owner_of(sequence) } else { self.shared.take_live(sequence) };
        let Some((owner, subject)) = owner else { return };
        self.shared.seen.note(answer);
        if let Some(problem) = problem(answer) {
            self.shared.note_problem(problem);
        }
        match answer {
            Answer::OrganizationNames(names) => self.shared.names_came(names),
            Answer::UsersById(users) if owner == ScreenId::default() => {
                self.shared.states_came(users);
                self.with_top(|screen, shared| screen.learned(shared));
            }
            Answer::Permissions(permissions) => {
                if let Some(organization) = subject {
                    self.shared.current = owner;
                    self.shared.permissions_came(organization, permissions);
                }
            }
            _ => {
                if let Some(entry) = self.stack.iter_mut().find(|entry| entry.id == owner) {
                    self.shared.current = owner;
                    entry.screen.behaviour_mut().answered(sequence, answer, &mut self.shared);
                }
            }
        }
    }

    fn applying(&mut self, sequence: Sequence, step: ApplyStep) {
        let Some(write) = self.shared.writes.get_mut(&sequence) else { return };
        write.step = Some(step);
        let owner = write.owner;
        if let Some(entry) = self.stack.iter_mut().find(|entry| entry.id == owner) {
            entry.screen.behaviour_mut().applying(sequence, step);
        }
    }

    fn applied(&mut self, sequence: Sequence, outcome: &Outcome) {
        let Some(write) = self.shared.writes.remove(&sequence) else { return };
        if let Outcome::Failed(problem) = outcome {
            self.shared.note_problem(problem);
        }
        if let Some(entry) = self.stack.iter_mut().find(|entry| entry.id == write.owner) {
            self.shared.current = write.owner;
            entry.screen.behaviour_mut().applied(sequence, outcome, &mut self.shared);
        }
        if write.owner != self.shared.top {
            self.shared.navigation = None;
            let told = outcome::told(&write.change, outcome);
            let text =
                [told.what, told.why].iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>();
            self.shared.say(told.tone, text.join(". "));
        }
        let shown = self.follow();
        if !matches!(outcome, Outcome::Failed(_)) {
            self.tell_changed(&write.change.resource, shown);
        }
    }

    /// Lets the screens that show these managers read them again, but for the one that got the row already.
    fn tell_changed(&mut self, resource: &Resource, but: Option<ScreenId>) {
        for entry in &mut self.stack {
            if Some(entry.id) != but {
                self.shared.current = entry.id;
                entry.screen.behaviour_mut().changed(resource, &mut self.shared);
            }
        }
    }

    /// Goes where the event led. Tells which screen got a changed row.
    fn follow(&mut self) -> Option<ScreenId> {
        match self.shared.navigation.take()? {
            Navigation::Open(screen) => self.push(screen),
            Navigation::Instead(screen) => {
                self.pop();
                self.push(screen);
            }
            Navigation::Back => {
                if self.stack.len() > 1 {
                    self.pop();
                    self.show_top();
                }
            }
            Navigation::Chosen => {
                let chooses = |screen: &Screen| {
                    matches!(screen, Screen::Review(_) | Screen::AddManager(_) | Screen::ChangeRoles(_))
                };
                while self.stack.len() > 1 && self.top().is_some_and(chooses) {
                    self.pop();
                }
                self.show_top();
            }
            Navigation::SignedIn => {
                self.clear();
                self.shared.basket.clear();
                self.push(Screen::from(Menu::default()));
                self.follow_link();
            }
            Navigation::SignIn => self.go_to_sign_in(),
            Navigation::ShowManager { resource, resource_name, user, row, is_read_back } => {
                let row = row.map(|row| *row);
                self.leave_steps(&resource, resource_name);
                if self.top().is_some_and(is_over_many) {
                    self.show_top();
                    return None;
                }
                return self.show_manager(&user, row, is_read_back);
            }
        }
        None
    }

    /// Leaves the steps of a change, down to the screen of the resource; opens that where it is not there.
    fn leave_steps(&mut self, resource: &Resource, name: SafeText) {
        let passes = |screen: &Screen| {
            matches!(
                screen,
                Screen::AddManager(_)
                    | Screen::ChangeRoles(_)
                    | Screen::RoleCards(_)
                    | Screen::Review(_)
                    | Screen::Basket(_)
            )
        };
        let mut known = None;
        while let Some(entry) = self.stack.last().filter(|entry| passes(&entry.screen)) {
            if let Screen::AddManager(stepper) = &entry.screen {
                known = stepper.on.clone().filter(|on| on.resource == *resource);
            }
            self.pop();
        }
        self.sync_top();
        if self.top().is_some_and(is_over_many) {
            return;
        }
        let managers = self.top().and_then(|screen| screen.behaviour().managers());
        if managers.is_none_or(|managers| managers.on.resource != *resource) {
            let on = known.unwrap_or_else(|| NamedResource::called(resource.clone(), name, &self.shared));
            self.push(Screen::of(on));
        }
    }

    fn show_manager(&mut self, user: &UserId, row: Option<Manager>, is_read_back: bool) -> Option<ScreenId> {
        let entry = self.stack.last_mut()?;
        self.shared.current = entry.id;
        let managers = entry.screen.behaviour_mut().turn_to_managers()?;
        if is_read_back {
            managers.show_change(user, row, &mut self.shared);
        } else if !managers.list.reading.is_pending() {
            managers.read(&mut self.shared);
        }
        Some(entry.id)
    }

    fn go_to_menu(&mut self) {
        if self.shared.session.is_none() {
            self.shared.say(Tone::Note, "Sign in first");
            return;
        }
        while self.stack.len() > 1 {
            self.pop();
        }
        self.show_top();
    }

    fn go_to_list(&mut self, is_it: impl Fn(&Screen) -> bool, new: impl Into<Screen>) {
        if self.shared.session.is_none() {
            self.shared.say(Tone::Note, "Sign in first");
            return;
        }
        let there = self.stack.iter().any(|entry| is_it(&entry.screen));
        while self.stack.len() > 1 && !self.top().is_some_and(|screen| there && is_it(screen)) {
            self.pop();
        }
        if there { self.show_top() } else { self.push(new.into()) }
    }

    fn go_to_sign_in(&mut self) {
        if self.top().is_some_and(|screen| matches!(screen, Screen::SignIn(_))) {
            return;
        }
        self.push(Screen::from(SignIn::new(None)));
    }

    pub(super) fn push(&mut self, screen: Screen) {
        self.next_screen += 1;
        self.stack.push(Entry { id: ScreenId(self.next_screen), screen });
        self.show_top();
    }

    fn show_top(&mut self) {
        self.sync_top();
        self.with_top(|screen, shared| screen.shown(shared));
    }

    fn sync_top(&mut self) {
        self.shared.top = self.stack.last().map(|entry| entry.id).unwrap_or_default();
    }

    fn pop(&mut self) {
        if let Some(mut entry) = self.stack.pop() {
            self.shared.current = entry.id;
            entry.screen.behaviour_mut().left(&mut self.shared);
            self.shared.forget_all_of(entry.id);
        }
    }

    fn clear(&mut self) {
        while !self.stack.is_empty() {
            self.pop();
        }
    }
}

/// Whether a screen shows the managers of many resources, so that a change is seen there.
const fn is_over_many(screen: &Screen) -> bool {
    matches!(screen, Screen::Person(_) | Screen::AllManagers(_) | Screen::AccessReview(_))
}

fn problem(answer: &Answer) -> Option<&Problem> {
    match answer {
        Answer::Organizations(Err(problem))
        | Answer::Users(Err(problem))
        | Answer::Managers(Err(problem))
        | Answer::Roles(Err(problem))
        | Answer::Permissions(Err(problem))
        | Answer::Projects(Err(problem))
        | Answer::ProjectGrants(Err(problem))
        | Answer::GrantedProjects(Err(problem))
        | Answer::UsersById(Err(problem))
        | Answer::InventoryEnded(Err(problem))
        | Answer::Person(Err(problem))
        | Answer::Reviewed(Err(problem))
        | Answer::Compared(Err(problem))
        | Answer::Written(Err(problem))
        | Answer::Manager(Err(problem))
        | Answer::Thing(Err(problem)) => Some(problem),
        _ => None,
    }
}
