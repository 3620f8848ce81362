//! The cockpit by lines, for screen readers, pipes and dumb terminals: a command a line in, sentences out. What can be done,
//! what stands against it, the guard and the expiry are the cockpit's own: only keys and screens are replaced.

mod held;
mod interview;
mod news;
mod reading;
pub(super) mod spoken;
mod standing;
mod typed;
mod verbs;

pub use interview::Interview;

use super::intent::Intent;
use super::keymap::{Act, LeverAct, TalkAct};
use super::panels::View;
use super::scene::Scene;
use super::theme::Theme;
use super::ui::{Dialog, MOVED_ON_MS, Ui};
use crate::incident::ReadBack;
use crate::kind::Outcome;
use crate::report::Debrief;
use crate::text::Text;
use held::{Held, Waiting};
use spoken::{ascii, plain};
use standing::Standing;
use verbs::{Ask, Of, Verb};

/// A line this soon after the one before belongs to a paste, in ms of human time.
const PASTE_MS: u64 = 50;
/// A toast that comes up again within this has not gone away, in ms of human time.
const KEPT_UP_MS: u64 = 400;

/// A person at a line: what is open, and what has been told.
#[derive(Debug)]
pub struct Plain {
    ui: Ui,
    theme: Theme,
    out: Vec<String>,
    /// Where the person stood when that was last told.
    stood: Standing,
    /// What is next where nothing is open, and since when, while that is not told yet.
    settling: Option<(String, u64)>,
    /// The newest record told; `None` before the first scene.
    told_seq: Option<u64>,
    /// The newest toast told, by when it came up.
    told_toast: Option<(u64, String)>,
    last_line_ms: Option<u64>,
    /// What would fire, send or close, until it is known that no paste goes on behind it.
    held: Option<Held>,
    /// Whether a line of the message being edited has been typed.
    writing: bool,
}

impl Plain {
    /// The state it shares with the cockpit on a screen.
    pub fn ui(&mut self) -> &mut Ui {
        &mut self.ui
    }

    /// Nothing is told yet.
    pub fn new(theme: Theme) -> Self {
        Self {
            ui: Ui::new(theme.clone()),
            theme,
            out: Vec::new(),
            stood: Standing::default(),
            settling: None,
            told_seq: None,
            told_toast: None,
            last_line_ms: None,
            held: None,
            writing: false,
        }
    }

    /// What was said since this was last asked for, a line each: printable ASCII, inert.
    pub fn said(&mut self) -> Vec<String> {
        std::mem::take(&mut self.out)
    }

    /// The same person, asked what a drill was like; `by` is who answers.
    pub fn interview(&self, debrief: Debrief, by: Text) -> Interview {
        Interview::new(debrief, by, self.theme.clone())
    }

    /// Whether it wants to be asked again soon: a line is held until it is known to be no paste's.
    pub fn is_holding(&self) -> bool {
        self.held.is_some()
    }

    /// Takes a line that arrived at `at_ms` of human time; what it wishes for comes back in order.
    pub fn on_line(&mut self, line: &str, scene: &Scene, at_ms: u64) -> Vec<Intent> {
        let pasted = self.last_line_ms.replace(at_ms).is_some_and(|last| at_ms.saturating_sub(last) < PASTE_MS);
        self.ui.last_key_ms = Some(at_ms);
        let mut intents = self.overtaken(scene, at_ms);
        let line = line.trim_end_matches(['\r', '\n']);
        intents.extend(match self.ui.stack.last() {
            Some(Dialog::Edit(_)) => self.write(line, scene, at_ms),
            _ if line.trim().is_empty() => {
                self.repeat(scene, at_ms);
                Vec::new()
            }
            Some(Dialog::Field(_)) => self.fill(line, pasted, scene, at_ms),
            _ => self.command(line.trim(), pasted, scene, at_ms),
        });
        self.stand(scene, at_ms);
        intents
    }

    /// Takes note of a new scene, or of time passing: tells what happened, and what that changes.
    pub fn on_scene(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        if self.told_seq.is_none() {
            self.out.extend(scene.brief.iter().map(|line| plain(line.as_str())));
        }
        let mut intents = self.ui.on_scene(scene, human_ms);
        self.tell_news(scene);
        intents.extend(self.ripen(scene, human_ms));
        self.put_away_what_worked(scene);
        self.stand(scene, human_ms);
        intents
    }

    /// Drops what is open; twice asks whether to leave, a third leaves.
    pub fn interrupt(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        self.held = None;
        let intents = self.ui.perform(Act::Interrupt, 0, scene, human_ms);
        self.stand(scene, human_ms);
        intents
    }

    /// Nothing more can be typed: it is left as if that had been asked for and confirmed, and nobody is there to be asked
    /// what it was like.
    pub fn end(&mut self, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        let mut intents = self.last_word(scene, human_ms);
        self.say("No more lines can be read: leaving. What is open stays open.");
        intents.extend(self.ui.drop_all());
        intents.push(Intent::Exit);
        intents
    }

    /// It is being left: what was typed last fires no more.
    pub fn hold_fire(&mut self) {
        self.held = None;
    }

    /// Says that a line was too long to be taken.
    pub fn on_too_long(&mut self, most: usize) {
        self.say(&format!("A line of more than {most} characters is not taken: nothing was done."));
    }

    /// Tells what somebody wanted to have at hand.
    pub fn on_copy(&mut self, text: &str) {
        self.out.extend(text.lines().map(|line| format!("COPY {}", ascii(line))));
    }

    fn say(&mut self, sentence: &str) {
        self.out.push(plain(sentence));
    }

    /// A word, and what its number names.
    fn command(&mut self, line: &str, pasted: bool, scene: &Scene, at_ms: u64) -> Vec<Intent> {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        if let (Some(Dialog::Menu(_)), Ok(number)) = (self.ui.stack.last(), line.parse::<u8>()) {
            return self.choose(number, pasted, scene, at_ms);
        }
        let number = match rest.trim() {
            "" => None,
            rest => match rest.parse::<usize>() {
                Ok(number @ 1..) => Some(number),
                Ok(0) | Err(_) => return self.refuse(&format!("{word} takes a number, not {rest}; ? tells more")),
            },
        };
        let Some(verb) = verbs::verb(word, &self.ui) else {
            return self.refuse(&format!("{word} is not known; ? tells what can be typed"));
        };
        match verb.ask {
            Ask::Read(verbs::Read::Show) => self.show(scene, at_ms),
            Ask::Read(read) => {
                let told = reading::tell(&self.view(scene, at_ms), read, number);
                self.out.extend(told);
            }
            Ask::Act(_) if !verb.is_known(&self.ui) => return self.refuse(&self.why_unknown(word)),
            Ask::Act(_) if number.is_some() && verb.of == Of::Nothing => {
                return self.refuse(&format!("{word} takes no number"));
            }
            Ask::Act(act) => return self.act(act, verb, (number, pasted), scene, at_ms),
        }
        Vec::new()
    }

    fn why_unknown(&self, word: &str) -> String {
        if self.ui.stack.is_empty() {
            return format!("nothing is open that {word} could be meant for; ? tells what can be typed");
        }
        format!("{word} means nothing here: answer first, or back; ? tells what can be typed")
    }

    fn refuse(&mut self, why: &str) -> Vec<Intent> {
        self.say(why);
        Vec::new()
    }

    /// Does what a word asks for, unless it came too soon; what fires waits until no paste goes on behind it.
    fn act(
        &mut self,
        act: Act,
        verb: &Verb,
        (number, pasted): (Option<usize>, bool),
        scene: &Scene,
        at_ms: u64,
    ) -> Vec<Intent> {
        if act.reaches_far() && pasted {
            return self.refuse(PASTED);
        }
        let drops = matches!(act, Act::Lever(LeverAct::Disarm) | Act::Talk(TalkAct::Withdraw));
        if !drops && self.ui.is_guarded(scene, at_ms) {
            return self.refuse(GUARDED);
        }
        if act.reaches_far() {
            return self.hold(Waiting::Act(act), at_ms);
        }
        let digit = match self.aim(verb, number, scene) {
            Ok(digit) => digit,
            Err(why) => return self.refuse(&why),
        };
        let intents = self.perform(act, digit, scene, at_ms);
        self.ui.selected.step = None;
        intents
    }

    /// Does it by the cockpit's own rules, once more where it was held: what stands against it may have come up.
    fn perform(&mut self, act: Act, digit: u8, scene: &Scene, human_ms: u64) -> Vec<Intent> {
        if act.reaches_far() && !matches!(self.ui.stack.last(), Some(Dialog::Arm(_) | Dialog::Preview(_))) {
            return self.refuse("nothing is armed any more");
        }
        if act.reaches_far() && self.ui.is_guarded(scene, human_ms) {
            return self.refuse(GUARDED);
        }
        let intents = self.ui.perform(act, digit, scene, human_ms);
        self.writing &= matches!(self.ui.stack.last(), Some(Dialog::Edit(_)));
        intents
    }

    /// What happened since it was last told.
    fn tell_news(&mut self, scene: &Scene) {
        let newest = scene.records.back().map_or(0, |record| record.seq);
        let told = *self.told_seq.get_or_insert(newest);
        let news = scene.records.iter().filter(|record| record.seq > told);
        self.out.extend(news.map(|record| news::told(scene, record)));
        self.told_seq = Some(newest);
        if let Some((at, words)) = &scene.toast {
            // The same words again at once are the same toast, kept up.
            let kept_up =
                |(told, said): &(u64, String)| said == words.as_str() && at.saturating_sub(*told) < KEPT_UP_MS;
            if !self.told_toast.as_ref().is_some_and(kept_up) {
                self.say(words.as_str());
            }
            self.told_toast = Some((*at, words.to_string()));
        }
    }

    /// A pull that agrees and a message that went out need nobody: the journal has told of them.
    fn put_away_what_worked(&mut self, scene: &Scene) {
        let worked = match self.ui.stack.last() {
            Some(Dialog::Arm(arming)) => {
                arming.made(scene).is_some_and(|pull| pull.read_back == Some(ReadBack::Agrees))
            }
            Some(Dialog::Preview(posting)) => {
                posting.made(scene).is_some_and(|message| matches!(message.outcome, Some((Outcome::Applied, _))))
            }
            _ => false,
        };
        if worked {
            self.ui.stack.pop();
        }
    }

    /// Tells where the person stands, if that is somewhere else than before.
    fn stand(&mut self, scene: &Scene, human_ms: u64) {
        // Lists are told and never stay open: only what waits for an answer does.
        self.ui.stack.retain(|dialog| dialog.asks().is_some());
        if let Some(notice) = self.ui.notice.take() {
            self.say(&notice.words);
        }
        let view = self.view(scene, human_ms);
        let now = standing::standing(&view);
        if now.subject.is_empty() {
            return self.stand_at_the_top(now, human_ms);
        }
        let mut said = Vec::new();
        if now.subject != self.stood.subject && standing::is_told(&now.subject, &self.ui) {
            said = standing::told(&view);
        }
        if now.subject != self.stood.subject || standing::steady(&now.prompt) != standing::steady(&self.stood.prompt) {
            said.push(now.prompt.clone());
        }
        (self.stood, self.settling) = (now, None);
        self.out.extend(said);
    }

    /// Tells what is next once it stands still, and so once it can be done: what was asked for last is only now being
    /// written down, and a step that has just come up takes no word yet.
    fn stand_at_the_top(&mut self, now: Standing, human_ms: u64) {
        if !self.stood.subject.is_empty() {
            self.stood = Standing::default();
        }
        match self.settling.take() {
            _ if now.prompt == self.stood.prompt => {}
            Some((prompt, since)) if prompt == now.prompt => {
                if human_ms.saturating_sub(since) < MOVED_ON_MS {
                    self.settling = Some((prompt, since));
                } else {
                    self.out.push(prompt);
                    self.stood = now;
                }
            }
            Some(_) | None => self.settling = Some((now.prompt, human_ms)),
        }
    }

    /// The prompt once more; a question with it.
    fn repeat(&mut self, scene: &Scene, human_ms: u64) {
        if matches!(self.ui.stack.last(), Some(Dialog::Menu(_) | Dialog::Field(_) | Dialog::Quit)) {
            return self.show(scene, human_ms);
        }
        let prompt = standing::standing(&self.view(scene, human_ms)).prompt;
        self.out.push(prompt);
    }

    /// Everything that is open once more.
    fn show(&mut self, scene: &Scene, human_ms: u64) {
        let view = self.view(scene, human_ms);
        let mut said = standing::told(&view);
        said.push(standing::standing(&view).prompt);
        self.out.extend(said);
    }

    fn view<'a>(&'a self, scene: &'a Scene, human_ms: u64) -> View<'a> {
        View { ui: &self.ui, scene, theme: &self.theme, human_ms }
    }
}

const GUARDED: &str = "Dropped: it came within 0.7 s of arming. Look, then type it again.";
const PASTED: &str = "Dropped: a pasted line never fires, sends, closes or hands over. Type it alone.";
