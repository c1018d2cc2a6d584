//! A recorded trace replays to the very figures that the simulated workers had.

use std::collections::BTreeMap;

use streamgauge::Replay;
use streamgauge_sim::{PRESETS, Preset, Simulation};

#[test]
fn a_trace_replays_to_the_same_figures_of_every_life() {
    for name in ["rebalance-storm", "poison-message", "crash"] {
        let preset = Preset::by_name(name).unwrap();
        let mut scenario = preset.scenario();
        for producer in &mut scenario.producers {
            producer.pace.per_second /= 5.0;
        }
        let mut simulation = Simulation::recording(&scenario).unwrap();
        let mut trace = String::new();
        for _ in 0..15 {
            simulation.advance(10.0).unwrap();
            trace.push_str(&simulation.take_trace());
        }
        let mut expected = BTreeMap::new();
        for worker in 0..simulation.workers().len() {
            let snapshot = simulation.snapshot(worker).unwrap();
            let one = &simulation.workers()[worker];
            let key = match one.life() {
                1 => one.name().to_string(),
                life => format!("{} (life {life})", one.name()),
            };
            expected.insert(key, (one.figures().asdict(), snapshot));
        }
        trace.push_str(&simulation.take_trace());
        let replay = Replay::of(&trace).unwrap();
        let dicts = replay
            .monitors()
            .map(|(name, monitor)| (name.to_string(), monitor.asdict()));
        let dicts: BTreeMap<_, _> = dicts.collect();
        // What the recorder said is what a replay says at that line.
        let mut lines: Vec<String> = trace.lines().map(String::from).collect();
        for (name, (dict, snapshot)) in &expected {
            assert_eq!(dict, &dicts[name], "{} {name}", preset.name);
            let worker = format!("\"worker\":\"{name}\"");
            let is_last = |line: &&mut String| {
                line.contains(&worker) && line.contains("\"call\":\"snapshot\"")
            };
            let line = lines.iter_mut().rev().find(is_last).expect("it was taken");
            *line = format!(
                "{},\"expect\":{}}}",
                line.trim_end_matches('}'),
                snapshot.to_json()
            );
        }
        let mut replay = Replay::new();
        let differences: Vec<_> = lines
            .iter()
            .flat_map(|line| replay.line(line).unwrap())
            .collect();
        assert_eq!(
            differences.len(),
            0,
            "{}: {:?}",
            preset.name,
            differences.first()
        );
        assert_eq!(replay.checks(), expected.len());
    }
}

#[test]
fn recording_changes_nothing() {
    let scenario = PRESETS[7].scenario();
    let said = |mut simulation: Simulation| {
        simulation.advance(150.0).unwrap();
        simulation.cluster().unwrap()
    };
    let plain = said(Simulation::new(&scenario).unwrap());
    assert_eq!(said(Simulation::recording(&scenario).unwrap()), plain);
    assert_eq!(Simulation::new(&scenario).unwrap().take_trace(), "");
}

/// FNV-1a.
fn fingerprint(text: &str) -> u32 {
    let step = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    text.bytes().fold(0x811c_9dc5, step)
}

/// Every hook call of every worker, to the last bit of its time: the same on every target. The tests
/// of the JavaScript package read the same file.
#[test]
fn these_traces_stay() {
    let lines = PRESETS.iter().map(|preset| {
        let mut simulation = Simulation::recording(&preset.scenario()).unwrap();
        simulation.advance(130.0).unwrap();
        let trace = simulation.take_trace();
        format!(
            "{} {} {:08x}\n",
            preset.name,
            trace.len(),
            fingerprint(&trace)
        )
    });
    let lines: String = lines.collect();
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fingerprints-of-presets.txt"
    );
    if std::env::var_os("STREAMGAUGE_WRITE_FIGURES").is_some() {
        std::fs::write(file, &lines).unwrap();
    }
    assert_eq!(lines, std::fs::read_to_string(file).unwrap());
}
