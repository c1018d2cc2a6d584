//! The timing: a warm-up, seven rounds, the fastest and the middle one; a table and a JSON file.

use std::path::Path;
use std::process::Command;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use std::{env, fs, thread};

use serde_json::{Value, json};

const ROUNDS: usize = 7;
const WARM_UP: u64 = 200_000;

pub(crate) struct Bench {
    /// Off under `cargo test`: then each row runs a few times, to see that it still does.
    timed: bool,
    rows: Vec<Value>,
}

impl Bench {
    pub(crate) fn from_arguments() -> Self {
        let timed = env::args().any(|argument| argument == "--bench");
        if !timed {
            println!("not timed: run it with cargo bench");
        }
        Self {
            timed,
            rows: Vec::new(),
        }
    }

    /// Times `work`, which does a thing as often as it is told.
    pub(crate) fn row(&mut self, name: &str, times: u64, work: impl FnMut(u64)) {
        self.row_between(name, times, || (), work);
    }

    /// The same with something to be done between two rounds, outside the time.
    pub(crate) fn row_between(
        &mut self,
        name: &str,
        times: u64,
        mut between: impl FnMut(),
        mut work: impl FnMut(u64),
    ) {
        if !self.timed {
            work(10);
            return between();
        }
        work(times.min(WARM_UP));
        let mut rounds = [0.0; ROUNDS];
        for nanoseconds in &mut rounds {
            between();
            let start = Instant::now();
            work(times);
            *nanoseconds = start.elapsed().as_secs_f64() * 1e9 / times as f64;
        }
        between();
        rounds.sort_by(f64::total_cmp);
        let (fastest, middle) = (rounds[0], rounds[ROUNDS / 2]);
        println!("{name:<62} min {fastest:>8.1}  median {middle:>8.1} ns");
        self.rows
            .push(json!({ "name": name, "min": fastest, "median": middle }));
    }

    /// Writes what was measured.
    pub(crate) fn finish(self) {
        if !self.timed {
            return;
        }
        let report = json!({
            "date": date(),
            "commit": first_line("git", &["rev-parse", "HEAD"]),
            "machine": {
                "processor": processor(),
                "cores": thread::available_parallelism().ok().map(|cores| cores.get()),
                "system": format!("{} {}", env::consts::OS, env::consts::ARCH),
            },
            "versions": {
                "streamgauge": env!("CARGO_PKG_VERSION"),
                "rustc": first_line("rustc", &["--version"]),
                "metrics": locked("metrics"),
                "metrics-exporter-prometheus": locked("metrics-exporter-prometheus"),
            },
            "unit": "ns",
            "rounds": ROUNDS,
            "rows": self.rows,
        });
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("bench");
        let file = directory.join("rust.json");
        let text = serde_json::to_string_pretty(&report).expect("a report is JSON");
        fs::create_dir_all(&directory)
            .and_then(|()| fs::write(&file, text + "\n"))
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        println!("wrote {}", file.display());
    }
}

/// The first line that a program prints, if it is there and prints one.
fn first_line(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines()
        .next()
        .filter(|_| output.status.success())
        .map(String::from)
}

fn processor() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(": ")?.1.to_owned())
}

/// The version of a package in the lock file.
fn locked(package: &str) -> Option<&'static str> {
    let lock = include_str!("../../../../Cargo.lock");
    let (_, rest) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    rest.split('"').next()
}

/// Today in UTC, as `2026-11-23`.
fn date() -> String {
    let days = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs() / 86_400);
    // Years from March, so that a leap day is the last of its year; eras of 400 years.
    let days = days + 719_468;
    let day_of_era = days % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = days / 146_097 * 400 + year_of_era + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}
