//! What the panels say of a scene, worked out once: states, ages, positions, words and their meaning.

use super::keymap::{Act, Binding, TalkAct};
pub(super) use super::mail::{again_words, comm_words, unsent};
use super::scene::Scene;
use super::theme::Token;
use super::words;
use crate::incident::branches::{self, NotFlown};
use crate::incident::people::Objection;
use crate::incident::{
    AttemptId, DebtState, PullState, ReadBack, Readiness, StepStatus, TakenBaseline, Way, candidates, derive,
    next_step, readiness,
};
use crate::kind::{Outcome, Seen};
use crate::metrics::{Verdict, VerdictState};
use crate::playbook::{Baseline, Condition, Id, Lever, Metric, Step, StepKind, Until, Wait};

/// The newest verdict of a metric: the board's, which has the newest value, or else the journal's.
pub(super) fn verdict<'a>(scene: &'a Scene, metric: &Id) -> Option<&'a Verdict> {
    scene.board.verdict(metric).or_else(|| scene.state.verdicts.get(metric).map(|slot| &slot.verdict))
}

/// A metric nobody has read is NODATA, never green.
pub(super) fn state_of(scene: &Scene, metric: &Id) -> VerdictState {
    verdict(scene, metric).map_or(VerdictState::NoData, |verdict| verdict.state)
}

pub(super) fn token_of(state: VerdictState) -> Token {
    match state {
        VerdictState::Ok => Token::Ok,
        VerdictState::Warn => Token::Warn,
        VerdictState::Breach => Token::Breach,
        VerdictState::NoData | VerdictState::Error => Token::Nodata,
        VerdictState::Stale => Token::Stale,
    }
}

/// How long ago a metric's value was sampled, in ms.
pub(super) fn sample_age(scene: &Scene, metric: &Id) -> Option<u64> {
    let sampled_ms = verdict(scene, metric)?.sampled_ms?;
    Some(u64::try_from(scene.now.wall_ms.saturating_sub(sampled_ms)).unwrap_or(0))
}

/// The value; where the query came back empty or failed there is none to show.
pub(super) fn now_words(scene: &Scene, metric: &Metric) -> String {
    let verdict = verdict(scene, &metric.id);
    let kept = verdict.filter(|verdict| verdict.state.is_fresh() || verdict.state == VerdictState::Stale);
    kept.and_then(|verdict| verdict.value).map_or("--".into(), |value| words::value(value, metric.unit))
}

pub(super) fn baseline(scene: &Scene, metric: &Metric) -> Option<f64> {
    scene.board.baseline(&metric.id).or(match metric.baseline {
        Some(Baseline::Value(value)) => Some(value),
        Some(Baseline::File { .. } | Baseline::Offset(_) | Baseline::AtStart(_)) | None => None,
    })
}

/// The baseline as a column shows it: its value, `taking` while it is taken, `NONE` where it is wanted and not known.
pub(super) fn baseline_words(scene: &Scene, metric: &Metric) -> (String, Token) {
    let taking =
        matches!(metric.baseline, Some(Baseline::AtStart(_))) && !scene.state.baselines.contains_key(&metric.id);
    match (&metric.baseline, baseline(scene, metric)) {
        (None, _) => ("-".into(), Token::Muted),
        (Some(_), Some(value)) => (words::value(value, metric.unit), Token::Muted),
        (Some(_), None) if taking => ("taking".into(), Token::Running),
        (Some(_), None) => ("NONE".into(), Token::Nodata),
    }
}

/// Where a baseline is from, or why it is not known.
pub(super) fn baseline_source(scene: &Scene, metric: &Metric) -> Option<String> {
    let source = match metric.baseline.as_ref()? {
        Baseline::Value(_) => "as written in the playbook".into(),
        Baseline::File { path, at } => format!("from {} at {at}", path.display()),
        Baseline::Offset(ms) => format!("its own value {} before goaround was opened", words::age(*ms)),
        Baseline::AtStart(ms) => match scene.state.baselines.get(&metric.id) {
            Some(TakenBaseline::Median { samples, .. }) => {
                format!("the median of {samples} samples in the first {}", words::age(*ms))
            }
            Some(TakenBaseline::Missed(_)) | None => String::new(),
        },
    };
    let missing = scene.board.no_baseline(&metric.id).filter(|_| baseline(scene, metric).is_none());
    Some(missing.map_or(source, ToString::to_string))
}

/// What a metric's value means now, in the playbook's words; nothing while it cannot be believed.
pub(super) fn band<'a>(scene: &Scene, metric: &'a Metric) -> Option<&'a str> {
    let value = verdict(scene, &metric.id).filter(|verdict| verdict.state.is_fresh())?.value?;
    metric.guide.says(value, baseline(scene, metric))
}

/// What a key does, in words: what is declared has the playbook's own word.
pub(super) fn help(scene: &Scene, binding: &Binding) -> String {
    match binding.act {
        Act::Talk(TalkAct::Declare) => format!("declare {}; later its size-up", scene.playbook.declares.one()),
        _ => binding.help.to_owned(),
    }
}

/// The states, worst first; the alert line counts in this order.
pub(super) const WORST_FIRST: [VerdictState; 6] = [
    VerdictState::Breach,
    VerdictState::Warn,
    VerdictState::Error,
    VerdictState::NoData,
    VerdictState::Stale,
    VerdictState::Ok,
];

/// Whether a metric in this state is an alert.
pub(super) fn alerts(state: VerdictState) -> bool {
    matches!(state, VerdictState::Breach | VerdictState::Warn)
}

/// The worst metric; of equals the first written.
pub(super) fn worst(scene: &Scene) -> Option<&Metric> {
    scene.playbook.metrics.values().min_by_key(|metric| worst_rank(scene, metric))
}

/// The place of a metric's state among all, the worst first.
pub(super) fn worst_rank(scene: &Scene, metric: &Metric) -> Option<usize> {
    WORST_FIRST.iter().position(|state| *state == state_of(scene, &metric.id))
}

/// What a person has not acknowledged yet.
#[derive(Debug)]
pub(super) enum Alert<'a> {
    /// A flip that did not last, by the probe that sees it.
    Reverted(&'a Id),
    /// A metric in BREACH or WARN.
    Metric(&'a Id),
    /// What an observer objected to, by the number of its record: advisory, behind everything that is broken.
    Objection(u64, &'a Objection),
}

/// The alert to acknowledge next: the worst, of equals the oldest; what was done here and undone by itself is worse than
/// what any metric says.
pub(super) fn top_alert(scene: &Scene) -> Option<Alert<'_>> {
    let reverted = scene.state.reverted.iter().filter(|(_, reverted)| !reverted.acknowledged);
    let oldest = reverted.max_by_key(|(_, reverted)| scene.now.since(&reverted.at).ms);
    // What cannot be judged any more was not seen to be over.
    let open = |state: VerdictState| {
        let slots = scene.state.verdicts.iter().filter(|(_, slot)| !slot.acknowledged);
        let alarms = slots.filter_map(|(metric, slot)| Some((metric, slot.alarm()?)));
        let of_state = alarms.filter(|(_, alarm)| alarm.state == state);
        of_state.max_by_key(|(_, alarm)| scene.now.since(&alarm.since).ms).map(|(metric, _)| metric)
    };
    let metric = || open(VerdictState::Breach).or_else(|| open(VerdictState::Warn));
    let objection = || scene.state.people.open_objection().map(|(seq, objection)| Alert::Objection(seq, objection));
    oldest.map(|(probe, _)| Alert::Reverted(probe)).or_else(|| metric().map(Alert::Metric)).or_else(objection)
}

/// The open debts, in the order of the playbook, then those that came on the way.
pub(super) fn open_debts(scene: &Scene) -> Vec<(&Id, &DebtState)> {
    let mut open: Vec<_> = scene.state.open_debts().collect();
    let place = |id: &Id| scene.playbook.debts.get_index_of(id).unwrap_or(usize::MAX);
    open.sort_by_key(|(id, _)| place(id));
    open
}

/// How a step looks: glyph, word, meaning.
pub(super) struct Face {
    pub(super) glyph: &'static str,
    pub(super) word: &'static str,
    pub(super) token: Token,
    pub(super) underlined: bool,
}

pub(super) fn face(scene: &Scene, step: &Id) -> Face {
    let face = |glyph, word, token| Face { glyph, word, token, underlined: false };
    if scene.playbook.step(step).is_some_and(|step| not_flown(scene, step).is_some()) {
        return face("[/]", "N/A", Token::Muted);
    }
    let Some(state) = scene.state.steps.get(step) else {
        let ready = scene.state.marks.declared.is_some() && is_next(scene, step);
        return if ready { face("[ ]", "READY", Token::Focus) } else { face("[ ]", "PENDING", Token::Muted) };
    };
    match state.status {
        StepStatus::Running => face("[>]", "RUNNING", Token::Running),
        StepStatus::Sensed => face("[*]", "SENSED", Token::Ok),
        StepStatus::Confirmed => Face { underlined: true, ..face("[x]", "CONFIRMED", Token::Ok) },
        StepStatus::Failed => face("[!]", "FAILED", Token::Breach),
        StepStatus::Skipped => face("[-]", "SKIPPED", Token::Muted),
        StepStatus::Overridden => face("[o]", "OVERRIDDEN", Token::Override),
        StepStatus::Deferred => face("[d]", "DEFERRED", Token::Deferred),
        StepStatus::Reopened => face("[!]", "REOPENED", Token::Warn),
    }
}

/// Why a step is N/A. What was settled before another branch took its place stays as it was.
pub(super) fn not_flown<'a>(scene: &'a Scene, step: &Step) -> Option<NotFlown<'a>> {
    branches::not_flown(&scene.playbook, &scene.state, step).filter(|_| !derive::is_settled(&scene.state, &step.id))
}

/// Whether this is the step the checklist stands at.
pub(super) fn is_next(scene: &Scene, step: &Id) -> bool {
    next_step(&scene.playbook, &scene.state).is_some_and(|next| next.id == *step)
}

/// What ticks a step: its own sensor, or its lever's read-back.
pub(super) fn sensor<'a>(scene: &'a Scene, step: &'a Step) -> Option<&'a Condition> {
    if let Some(done) = &step.done {
        return Some(done);
    }
    let levers = match &step.kind {
        StepKind::Pull(levers) | StepKind::Sequence(levers) => levers,
        StepKind::Wait(Wait { until: Until::Seen { condition, .. }, .. }) => return Some(condition),
        StepKind::Capture(_) | StepKind::Pick(_) | StepKind::Wait(_) | StepKind::Watch | StepKind::Ask(_) => {
            return None;
        }
    };
    if let StepKind::Sequence(_) = &step.kind {
        let lever = derive::next_in_sequence(&scene.state, step).or(levers.last())?;
        return Some(&scene.playbook.levers.get(lever)?.verify.as_ref()?.condition);
    }
    Some(&sensing_lever(scene, step)?.verify.as_ref()?.condition)
}

/// The lever whose read-back ticks a step: the one picked for it, or pulled in it, or else the one it would pull next.
pub(super) fn sensing_lever<'a>(scene: &'a Scene, step: &Step) -> Option<&'a Lever> {
    let levers = derive::levers_of(step);
    let picked = scene.state.pick.as_ref().filter(|pick| levers.contains(pick));
    let of_step = |pull: &&PullState| pull.step.as_ref() == Some(&step.id);
    let pulled = || scene.state.pulls.values().rev().find(of_step).map(|pull| &pull.lever);
    match picked.or_else(pulled) {
        Some(lever) => scene.playbook.levers.get(lever),
        None => next_lever(scene, step).or_else(|| scene.playbook.levers.get(levers.first()?)),
    }
}

/// What the probes of a condition see, in a few words, and what that means; where they differ, each thing once.
pub(super) fn saw(scene: &Scene, condition: &Condition) -> (String, Token) {
    let one = |probe: &Id| match scene.state.seen(probe) {
        None => ("--".to_owned(), Token::Nodata),
        Some(Seen::Value(value)) => (value.to_string(), Token::Fg),
        Some(Seen::Absent(_)) => ("NODATA".into(), Token::Nodata),
        Some(Seen::Failed(_)) => ("ERROR".into(), Token::Nodata),
    };
    let (mut words, mut token) = (Vec::new(), Token::Fg);
    for (word, means) in condition.probes().map(one) {
        token = if means == Token::Nodata { means } else { token };
        if !words.contains(&word) {
            words.push(word);
        }
    }
    (words.join(", "), token)
}

/// How long ago the probes of a condition were all looked through, in ms.
pub(super) fn looked_age(scene: &Scene, condition: &Condition) -> Option<u64> {
    let ages: Option<Vec<u64>> =
        condition.probes().map(|probe| scene.looked.get(probe).map(|looked| scene.now.since(looked).ms)).collect();
    ages?.into_iter().max()
}

/// The titles of the probes of a condition.
pub(super) fn titles(scene: &Scene, condition: &Condition) -> String {
    let title = |probe: &Id| scene.playbook.probes.get(probe).map_or(probe.to_string(), |probe| probe.title.clone());
    condition.probes().map(title).collect::<Vec<_>>().join(", ")
}

/// How far a pull has come where several probes read it back, as they see it now.
pub(super) fn spread(scene: &Scene, pull: &PullState) -> Option<String> {
    let condition = lever_sensor(scene, &pull.lever, pull.way)?;
    derive::spread(&scene.playbook, condition, &pull.bindings, |probe| scene.state.seen(probe))
}

/// Whether a step's sensor cannot be seen, so that a person must say what they saw.
pub(super) fn sensor_lost(scene: &Scene, step: &Step) -> bool {
    let Some(condition) = sensor(scene, step) else { return false };
    let lost = |probe: &Id| scene.state.seen(probe).and_then(Seen::value).is_none();
    condition.probes().any(lost)
}

/// What a lever would make true, as its author wrote it; what is bound at arming is not known before.
pub(super) fn target(lever: &Lever) -> String {
    let Some(verify) = &lever.verify else { return "attested".into() };
    let want = derive::want(&verify.condition, &std::collections::BTreeMap::new());
    if want.as_str().contains("${") { "at arming".into() } else { want.to_string() }
}

/// The number of a lever: its place in the playbook, from 1. It never changes.
pub(super) fn lever_number(scene: &Scene, lever: &Id) -> usize {
    scene.playbook.levers.get_index_of(lever).map_or(0, |place| place + 1)
}

/// Whether a lever could be flown, in a word and the numbers of the levers that come first; and why not.
pub(super) fn ready(scene: &Scene, lever: &Lever) -> (String, Token, Option<String>) {
    let ready = readiness(&scene.playbook, &scene.state, lever);
    let word = ready.word().to_owned();
    match ready {
        Readiness::Ready => (word, Token::Ok, None),
        Readiness::There => (word, Token::Muted, None),
        Readiness::After(levers) => {
            let numbers: Vec<String> = levers.iter().map(|id| lever_number(scene, id).to_string()).collect();
            (format!("{word} {}", numbers.join(",")), Token::Warn, None)
        }
        Readiness::Not(why) => (word, Token::Breach, Some(why.to_string())),
    }
}

/// The levers best first, and apart from them those that are in place already: firing one of these mends nothing.
pub(super) fn advised(scene: &Scene) -> (Vec<&Lever>, Vec<&Lever>) {
    let known = scene.ranked.iter().filter_map(|id| scene.playbook.levers.get(id));
    known.partition(|lever| readiness(&scene.playbook, &scene.state, lever) != Readiness::There)
}

/// The lever that a step would pull next.
pub(super) fn next_lever<'a>(scene: &'a Scene, step: &Step) -> Option<&'a Lever> {
    let best = candidates(&scene.playbook, &scene.state, step).into_iter().next()?;
    scene.playbook.levers.get(&best)
}

/// Where a pull stands, and when it was fired, since the declaration.
pub(super) fn pull_words(scene: &Scene, pull: &PullState) -> (String, Token) {
    let (word, token) = pull_word(scene, pull);
    let since = scene.state.since_declared(&pull.started).map(|t| words::clock(t.ms)).unwrap_or_default();
    (format!("{word} {since}"), token)
}

/// Where a pull stands, in a word or two.
pub(super) fn pull_word(scene: &Scene, pull: &PullState) -> (String, Token) {
    let way = if pull.way == Way::Undo { "undo " } else { "" };
    let spread = spread(scene, pull);
    let (word, token) = match (&pull.outcome, pull.read_back) {
        (None, _) => ("FIRED", Token::Running),
        (_, Some(ReadBack::Agrees)) => ("AGREES", Token::Ok),
        (_, Some(ReadBack::Disagrees)) => ("DISAGREES", Token::Breach),
        (_, Some(ReadBack::Unknown)) => ("UNKNOWN", Token::Nodata),
        (Some((Outcome::Applied, _)), None) if is_attested(scene, &pull.lever, pull.way) => ("SAY WHAT", Token::Warn),
        (Some((Outcome::Applied, _)), None) => {
            spread.as_deref().map_or(("reading back", Token::Running), |words| (words, Token::Warn))
        }
        (Some((Outcome::Rejected, _)), None) => ("REJECTED", Token::Breach),
        (Some((Outcome::NotSent, _)), None) => ("NOT SENT", Token::Warn),
        (Some((Outcome::Unknown, _)), None) => ("UNKNOWN", Token::Nodata),
    };
    (format!("{way}{word}"), token)
}

/// The command a person types where goaround cannot reach: the step's, or its lever's.
pub(super) fn by_hand(scene: &Scene, step: &Step) -> Option<String> {
    step.by_hand.clone().or_else(|| next_lever(scene, step)?.by_hand.clone())
}

/// What a debt says of a lever whose effect ends at a time it was told: how long that is, or that it is over.
pub(super) fn ending_words(scene: &Scene, lever: &Id) -> Option<(String, Token)> {
    let left_ms = derive::ends_by_itself(&scene.playbook, &scene.state, lever)?.saturating_sub(scene.now.wall_ms);
    let number = lever_number(scene, lever);
    Some(match u64::try_from(left_ms) {
        Ok(left) if left > 0 => (format!("ends by itself in {}", words::age(left)), Token::Deferred),
        Ok(_) | Err(_) => (format!("ended by itself; pull lever {number} again?"), Token::Warn),
    })
}

/// What stands against closing: each costs a reason.
pub(super) fn open_before_closing(scene: &Scene) -> Vec<String> {
    derive::open_before_closing(&scene.playbook, &scene.state)
}

/// What reads a lever back, this way.
fn lever_sensor<'a>(scene: &'a Scene, lever: &Id, way: Way) -> Option<&'a Condition> {
    let lever = scene.playbook.levers.get(lever)?;
    derive::verify_of(lever, way).map(|verify| &verify.condition)
}

/// What a lever moves, in words.
pub(super) fn lever_probe(scene: &Scene, lever: &Id, way: Way) -> String {
    lever_sensor(scene, lever, way).map_or("?".to_owned(), |condition| titles(scene, condition))
}

/// Whether nothing can look at what a lever does, so that a person must say what they saw.
pub(super) fn is_attested(scene: &Scene, lever: &Id, way: Way) -> bool {
    scene.playbook.levers.contains_key(lever) && lever_sensor(scene, lever, way).is_none()
}

/// The pull of this lever that a person's word is asked for, now or once more.
pub(super) fn to_attest(scene: &Scene, lever: &Id) -> Option<AttemptId> {
    derive::to_attest(&scene.playbook, &scene.state, lever).map(|(attempt, _)| attempt)
}

/// What a lever's read-back sees; nothing where there is none.
pub(super) fn position(scene: &Scene, lever: &Lever) -> (String, Token) {
    let verify = lever.verify.as_ref();
    verify.map_or_else(|| ("-".to_owned(), Token::Muted), |verify| saw(scene, &verify.condition))
}

/// What its read-back sees now.
pub(super) fn lever_saw(scene: &Scene, lever: &Id, way: Way) -> String {
    lever_sensor(scene, lever, way).map_or("?".to_owned(), |condition| saw(scene, condition).0)
}
