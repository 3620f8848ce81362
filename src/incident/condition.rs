//! Whether what was seen is what was wanted, and both in words.

use super::state::State;
use crate::kind::{Seen, Vars, fill};
use crate::playbook::{Condition, Id, Playbook, Test};
use crate::text::Text;

/// Whether `condition` holds for what was seen; `None` when it was not seen.
pub fn holds(condition: &Condition, vars: &Vars, seen: &Seen) -> Option<bool> {
    let value = seen.value()?;
    let text = |template: &str| fill(template, vars, str::to_owned).ok();
    match &condition.test {
        Test::Is(want) => text(want).map(|want| value == want),
        Test::IsNot(other) => text(other).map(|other| value != other),
        Test::Matches(pattern) => Some(pattern.is_match(value)),
        Test::Below(bound) => value.parse::<f64>().ok().map(|number| number < *bound),
        Test::Above(bound) => value.parse::<f64>().ok().map(|number| number > *bound),
    }
}

/// The condition in words: `blue`, `not green`, `below 3`.
pub fn want(condition: &Condition, vars: &Vars) -> Text {
    let text = |template: &str| fill(template, vars, str::to_owned).unwrap_or_else(|_| template.to_owned());
    Text::from(match &condition.test {
        Test::Is(want) => text(want),
        Test::IsNot(other) => format!("not {}", text(other)),
        Test::Matches(pattern) => format!("matching {pattern}"),
        Test::Below(bound) => format!("below {bound}"),
        Test::Above(bound) => format!("above {bound}"),
    })
}

/// Whether `condition` holds by what its probes saw last: all of them must show it, and one that shows something else
/// is enough to know that they do not.
pub fn holds_now(state: &State, condition: &Condition, vars: &Vars) -> Option<bool> {
    let each = || condition.probes().map(|probe| holds(condition, vars, &state.sensors.get(probe)?.seen));
    if each().any(|holds| holds == Some(false)) {
        Some(false)
    } else {
        each().all(|holds| holds.is_some()).then_some(true)
    }
}

/// The probe that says most of `condition` now: the first that shows something else, or cannot be seen, or else the
/// first of all.
pub fn telling<'a, 's>(condition: &'a Condition, vars: &Vars, seen: impl Fn(&Id) -> Option<&'s Seen>) -> &'a Id {
    let shows = |probe: &Id| holds(condition, vars, seen(probe)?);
    let first = |wanted: Option<bool>| condition.probes().find(|probe| shows(probe) == wanted);
    first(Some(false)).or_else(|| first(None)).unwrap_or(&condition.probe)
}

/// How far what was set has come where several probes must show it, in words; `None` once they all do, and of one alone.
/// What was set and is seen by some is not wrong, only not everywhere: caches keep the old until their time is over.
pub fn spread<'a>(
    playbook: &Playbook,
    condition: &Condition,
    vars: &Vars,
    seen: impl Fn(&Id) -> Option<&'a Seen>,
) -> Option<String> {
    let missing =
        condition.probes().filter(|probe| seen(probe).and_then(|seen| holds(condition, vars, seen)) != Some(true));
    let others: Vec<String> = missing
        .map(|probe| {
            let title = playbook.probes.get(probe).map_or(probe.as_str(), |probe| probe.title.as_str());
            match seen(probe) {
                Some(Seen::Value(value)) => format!("{title} still shows {value}"),
                Some(Seen::Absent(why) | Seen::Failed(why)) => format!("{title} cannot be seen: {why}"),
                None => format!("{title} was not looked at yet"),
            }
        })
        .collect();
    let (of, agree) = (1 + condition.also.len(), 1 + condition.also.len() - others.len());
    let set = if agree > 0 { "set, propagating: " } else { "" };
    (of > 1 && agree < of).then(|| format!("{set}{agree} of {of} agree ({})", others.join("; ")))
}
