//! Eight scenarios that each teach one thing.

#[cfg(feature = "json")]
use crate::scenario::Scenario;

/// A scenario by name, as its JSON text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// Its name: `"hot-key"`.
    pub name: &'static str,
    /// The scenario, see `SCENARIOS.md`.
    pub json: &'static str,
}

macro_rules! presets {
    ($($name:literal,)+) => {
        /// All presets, in the order of a tour.
        pub const PRESETS: &[Preset] = &[$(Preset {
            name: $name,
            json: include_str!(concat!("../presets/", $name, ".json")),
        },)+];
    };
}

presets! {
    "steady-state",
    "hot-key",
    "slow-consumer",
    "burst",
    "rebalance-storm",
    "poison-message",
    "broker-stall",
    "crash",
}

impl Preset {
    /// The preset of that name.
    ///
    /// ```
    /// use streamgauge_sim::Preset;
    /// let scenario = Preset::by_name("hot-key").unwrap().scenario();
    /// assert_eq!(scenario.title, "A hot key");
    /// ```
    pub fn by_name(name: &str) -> Option<Self> {
        PRESETS.iter().find(|preset| preset.name == name).copied()
    }

    /// The scenario itself. Feature `json`.
    #[cfg(feature = "json")]
    pub fn scenario(&self) -> Scenario {
        Scenario::from_json(self.json).expect("the presets are tested")
    }
}
