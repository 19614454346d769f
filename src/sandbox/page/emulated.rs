//! The emulators as the page sees them.

use super::view::{Backend, Scenario};
use crate::sandbox::nemo::{self, NemoEmulator};

impl Backend for NemoEmulator {
    fn scenarios(&self) -> Vec<Scenario> {
        let named = |scenario: &nemo::Scenario| Scenario {
            name: scenario.name().to_owned(),
            description: scenario.about().to_owned(),
        };
        nemo::Scenario::ALL.iter().map(named).collect()
    }

    fn playing(&self) -> String {
        self.scenario().name().to_owned()
    }

    fn play(&self, name: &str) -> bool {
        let scenario = nemo::Scenario::parse(name);
        if let Some(scenario) = scenario {
            NemoEmulator::play(self, scenario);
        }
        scenario.is_some()
    }

    fn release(&self) {
        NemoEmulator::release(self);
    }
}
