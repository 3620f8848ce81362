//! Medians, the spread around them, and the ratio to a peer of the same run.

use std::time::Duration;

/// What was measured of one contender, one value per round.
pub struct Series {
    /// Who.
    pub name: String,
    times: Vec<Duration>,
}

impl Series {
    /// A contender without values yet.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), times: Vec::new() }
    }

    /// Takes one value in.
    pub fn push(&mut self, time: Duration) {
        self.times.push(time);
    }

    /// The smallest value that at least `percent` of all do not exceed (nearest rank).
    fn percentile(&self, percent: usize) -> Duration {
        let mut sorted = self.times.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted.get(rank - 1).copied().unwrap_or_default()
    }

    /// The middle value.
    pub fn median(&self) -> Duration {
        self.percentile(50)
    }
}

/// The first against each of the others, all measured in turn.
pub fn versus(all: &[&Series]) {
    println!("  {:<44}{:>10}{:>10}{:>10}{:>5}  ratio of medians", "", "median", "min", "max", "n");
    let first = all.first().map_or(Duration::ZERO, |series| series.median());
    for (place, series) in all.iter().enumerate() {
        let ratio = first.as_secs_f64() / series.median().as_secs_f64();
        let ratio = if place == 0 { "1".into() } else { format!("{} is {ratio:.2} x this", all[0].name) };
        let cells = [series.median(), series.percentile(0), series.percentile(100)].map(show);
        let [median, min, max] = cells;
        println!("  {:<44}{median:>10}{min:>10}{max:>10}{:>5}  {ratio}", series.name, series.times.len());
    }
}

/// The tails: what a person feels is the slowest key, not the middle one.
pub fn tails(all: &[&Series]) {
    println!("  {:<44}{:>10}{:>10}{:>10}{:>5}", "", "p50", "p99", "max", "n");
    for series in all {
        let [p50, p99, max] = [50, 99, 100].map(|percent| show(series.percentile(percent)));
        println!("  {:<44}{p50:>10}{p99:>10}{max:>10}{:>5}", series.name, series.times.len());
    }
}

/// A duration in milliseconds, as precise as it is meaningful.
pub fn show(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1000.0;
    if ms < 10.0 { format!("{ms:.3} ms") } else { format!("{ms:.1} ms") }
}
