//! The managers of several resources, read a few at a time.

use std::collections::{BTreeMap, VecDeque};

use super::effect::{Request, Sequence, Slot};
use super::event::Answer;
use super::reading::Reading;
use super::shared::Shared;
use crate::domain::level::Resource;
use crate::domain::manager::Manager;
use crate::domain::problem::Problem;

/// So many resources are read beside each other.
const AT_ONCE: u8 = 4;

/// Managers by resource.
#[derive(Debug, Default)]
pub struct ManagersOf {
    readings: BTreeMap<Resource, Reading<Vec<Manager>>>,
    waiting: VecDeque<Resource>,
    lanes: BTreeMap<u8, Resource>,
}

impl ManagersOf {
    /// The managers of one resource as they were read before.
    pub fn known(resource: Resource, managers: Vec<Manager>) -> Self {
        Self { readings: BTreeMap::from([(resource, Reading::known(managers))]), ..Self::default() }
    }

    /// Reads those of these resources that were not read and are not under way.
    pub fn start(&mut self, wanted: &[Resource], shared: &mut Shared) {
        let dropped: Vec<u8> = self
            .lanes
            .iter()
            .filter(|(_, resource)| {
                self.readings.get(resource).is_none_or(|reading| reading.was_dropped(shared))
            })
            .map(|(lane, _)| *lane)
            .collect();
        for lane in dropped {
            if let Some(resource) = self.lanes.remove(&lane) {
                self.readings.remove(&resource);
            }
        }
        for resource in wanted {
            let is_known = self.readings.contains_key(resource) || self.waiting.contains(resource);
            if !is_known {
                self.waiting.push_back(resource.clone());
            }
        }
        self.go_on(shared);
    }

    fn go_on(&mut self, shared: &mut Shared) {
        for lane in 0..AT_ONCE {
            if self.lanes.contains_key(&lane) {
                continue;
            }
            let Some(resource) = self.waiting.pop_front() else { return };
            let reading = self.readings.entry(resource.clone()).or_default();
            reading.ask(Slot::PlanManagers(lane), Request::Managers(resource.clone()), shared);
            self.lanes.insert(lane, resource);
        }
    }

    /// Takes an answer, if it is one of those waited for. Tells which resource it is about.
    pub fn answered(&mut self, sequence: Sequence, answer: &Answer, shared: &mut Shared) -> Option<Resource> {
        let Answer::Managers(managers) = answer else { return None };
        let (lane, resource) = self.lanes.iter().find_map(|(lane, resource)| {
            let waits = self.readings.get(resource).is_some_and(|reading| reading.waits_for(sequence));
            waits.then(|| (*lane, resource.clone()))
        })?;
        self.lanes.remove(&lane);
        if let Some(reading) = self.readings.get_mut(&resource) {
            reading.answered(sequence, managers.clone());
        }
        self.go_on(shared);
        Some(resource)
    }

    /// The managers of a resource, once they were read.
    pub fn value(&self, resource: &Resource) -> Option<&Vec<Manager>> {
        self.readings.get(resource).and_then(Reading::value)
    }

    /// The first reason for which managers could not be read.
    pub fn problem(&self) -> Option<&Problem> {
        self.readings.values().find_map(Reading::problem)
    }

    /// Whether an answer is waited for.
    pub fn is_pending(&self) -> bool {
        !self.lanes.is_empty() || !self.waiting.is_empty()
    }
}
