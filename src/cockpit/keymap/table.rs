//! The rows of the table: every key there is, by place.

use super::{Act, Binding, Key, LeverAct, Place, ReelAct, StepAct, TalkAct};
use crate::cockpit::catalogue::Catalogue;
use crossterm::event::KeyCode;

const fn row(
    place: Place,
    keys: &'static [Key],
    shown: &'static str,
    act: Act,
    words: (&'static str, &'static str),
) -> Binding {
    Binding { place, keys, shown, act, foot: words.0, help: words.1 }
}

use Key::{Char, Code, Ctrl, Digit, Letter, Shift, Twice};
use Place::{
    Always, Arm, Comms, Debts, Edit, Events, Fired, Hold, Levers, Lists, Main, Menu, Output, Palette, Posted, Preview,
    Quit, Ready, Replay, Search, Steps, Text, Tree,
};

/// Every key there is.
#[rustfmt::skip]
pub const KEYMAP: &[Binding] = &[
    row(Main, &[Char('?'), Code(KeyCode::F(1))], "? F1", Act::Help, ("help", "help for where you are")),
    row(Main, &[Char(':'), Ctrl('p')], ": Ctrl-P", Act::Palette, ("palette", "everything by name; arms at most, fires nothing")),
    row(Main, &[Digit(6)], "1-6", Act::Panel, ("panels", "metrics checklist levers comms journal hold")),
    row(Main, &[Code(KeyCode::Tab), Char('l'), Code(KeyCode::Right)], "Tab l", Act::NextPanel, ("", "next panel")),
    row(Main, &[Code(KeyCode::BackTab), Char('h'), Code(KeyCode::Left)], "S-Tab h", Act::PrevPanel, ("", "panel before")),
    row(Main, &[Char('j'), Code(KeyCode::Down)], "j", Act::Down, ("", "down")),
    row(Main, &[Char('k'), Code(KeyCode::Up)], "k", Act::Up, ("", "up")),
    row(Main, &[Twice('g'), Code(KeyCode::Home)], "gg", Act::First, ("", "first")),
    row(Main, &[Char('G'), Code(KeyCode::End)], "G", Act::Last, ("", "last")),
    row(Main, &[Ctrl('d'), Code(KeyCode::PageDown)], "Ctrl-D", Act::HalfDown, ("", "half a page down")),
    row(Main, &[Ctrl('u'), Code(KeyCode::PageUp)], "Ctrl-U", Act::HalfUp, ("", "half a page up")),
    row(Main, &[Char('/')], "/", Act::Search, ("", "search this list")),
    row(Main, &[Char('n')], "n", Act::NextFound, ("", "next line found")),
    row(Main, &[Char('N')], "N", Act::PrevFound, ("", "line found before")),
    row(Main, &[Code(KeyCode::Enter)], "Enter", Act::Open, ("open", "open what is selected; never fires")),
    row(Main, &[Code(KeyCode::Esc)], "Esc", Act::Back, ("", "back; never leaves")),
    row(Main, &[Char('z')], "z", Act::Zoom, ("", "this panel on the whole screen, and back")),
    row(Main, &[Char('I')], "I", Act::Talk(TalkAct::Declare), ("", "declare a rollback; later its size-up")),
    row(Main, &[Char('a')], "a", Act::Talk(TalkAct::Acknowledge), ("", "acknowledge the top alert")),
    row(Main, &[Char('A')], "A", Act::Acknowledged, ("", "alerts that were acknowledged, and whether they still hold")),
    row(Main, &[Char('L')], "L", Act::Levers, ("levers", "levers; 1-9 arms one, nothing is sent")),
    row(Main, &[Char('H')], "H", Act::Hold, ("hold", "hold and watch")),
    row(Main, &[Char('K')], "K", Act::Clocks, ("", "clocks, stages and what still fits into the SLA")),
    row(Main, &[Char('D')], "D", Act::Debts, ("", "debts")),
    row(Main, &[Char('U')], "U", Act::Lever(LeverAct::PayDebt), ("", "arm the first open debt's undo")),
    row(Main, &[Char('c')], "c", Act::Comms, ("comms", "messages")),
    row(Main, &[Char('t')], "t", Act::Tree, ("", "decision tree: symptoms, their levers and branches")),
    row(Main, &[Char('i')], "i", Act::Talk(TalkAct::Note), ("", "write a note into the journal")),
    row(Main, &[Char('S')], "S", Act::List(Catalogue::Symptoms), ("", "symptoms, and what fixes them")),
    row(Main, &[Char('R')], "R", Act::List(Catalogue::Links), ("", "runbook pages; no browser starts by itself")),
    row(Main, &[Char('C')], "C", Act::List(Catalogue::Contacts), ("", "contacts")),
    row(Main, &[Char('f')], "f", Act::List(Catalogue::Faq), ("", "questions people ask")),
    row(Main, &[Char('W')], "W", Act::List(Catalogue::FollowUps), ("", "what is due after closing")),
    row(Main, &[Char('Q')], "Q", Act::Talk(TalkAct::Close), ("", "close the incident")),
    row(Main, &[Char('q')], "q", Act::Leave, ("quit", "close a view; at the top asks to leave")),
    row(Main, &[Char('T')], "T", Act::Theme, ("", "the next theme")),
    row(Main, &[Char('!')], "!", Act::Talk(TalkAct::Object), ("", "observing: object; the commander sees it")),
    row(Main, &[Char('X')], "X", Act::Talk(TalkAct::Command), ("", "observing: ask for command; commanding: answer who asks")),
    row(Main, &[Char('m')], "m", Act::Mouse, ("", "mouse on or off; it selects and scrolls, and never acts")),

    row(Steps, &[Char('r')], "r", Act::Step(StepAct::Run), ("run", "begin the step; arms its lever, fires nothing")),
    row(Steps, &[Char(' ')], "Space", Act::Step(StepAct::Confirm), ("", "say what you SAW; only where no sensor sees")),
    row(Steps, &[Char('s')], "s", Act::Step(StepAct::Skip), ("", "skip, with a reason")),
    row(Steps, &[Char('o')], "o", Act::Step(StepAct::Override), ("", "override the sensor, with a reason")),
    row(Steps, &[Char('d')], "d", Act::Step(StepAct::Defer), ("", "defer until a trigger; opens a debt")),
    row(Steps, &[Char('u')], "u", Act::Step(StepAct::Reopen), ("", "open again what a person has marked")),
    row(Steps, &[Char('y')], "y", Act::Lever(LeverAct::Copy), ("", "copy the by-hand command")),

    row(Output, &[Char('f')], "f", Act::Step(StepAct::Follow), ("follow", "follow what the step does, or hold it still")),
    row(Output, &[Ctrl('u'), Code(KeyCode::PageUp)], "Ctrl-U", Act::Step(StepAct::OutputUp), ("", "scroll the step's output up")),
    row(Output, &[Ctrl('d'), Code(KeyCode::PageDown)], "Ctrl-D", Act::Step(StepAct::OutputDown), ("", "scroll it down; at its end it follows again")),

    row(Levers, &[Digit(9)], "1-9", Act::Lever(LeverAct::ArmNumber), ("arm", "arm this lever; nothing is sent")),
    row(Levers, &[Char('U')], "U", Act::Lever(LeverAct::PayDebt), ("arm undo", "arm the undo of the selected lever")),

    row(Debts, &[Char('U')], "U", Act::Lever(LeverAct::PayDebt), ("arm undo", "arm the undo of the selected debt")),

    row(Hold, &[Char('+')], "+", Act::ExtendHold, ("extend 5m", "let the hold take 5 minutes longer; it gets green no sooner")),
    row(Hold, &[Char('o')], "o", Act::Step(StepAct::Override), ("override", "override the step that watches, with a reason")),

    row(Comms, &[Char('e')], "e", Act::Talk(TalkAct::Edit), ("edit", "edit its words")),
    row(Comms, &[Char('P')], "P", Act::Talk(TalkAct::Preview), ("preview", "the message exactly as it would leave; nothing is sent")),

    row(Edit, &[Ctrl('s')], "Ctrl-S", Act::Talk(TalkAct::Save), ("save", "save the words; nothing is sent")),
    row(Edit, &[Ctrl('n')], "Ctrl-N", Act::Talk(TalkAct::NextBlank), ("next blank", "mark the next [[blank]]; what you type takes its place")),
    row(Edit, &[Code(KeyCode::Tab)], "Tab", Act::Talk(TalkAct::NextReceiver), ("other receiver", "the next message of this stage: another receiver, with its own arm")),
    row(Edit, &[Code(KeyCode::BackTab)], "S-Tab", Act::Talk(TalkAct::NextStage), ("next stage", "the message of the next stage")),
    row(Edit, &[Code(KeyCode::Esc)], "Esc", Act::Talk(TalkAct::LeaveWords), ("leave", "leave; unsaved words are asked about, never lost")),
    row(Edit, &[Code(KeyCode::F(1))], "F1", Act::Help, ("", "help for where you are")),

    row(Tree, &[Char('s')], "s", Act::Talk(TalkAct::Raise), ("raise", "raise the selected symptom: you see it")),

    row(Preview, &[Char('F')], "F", Act::Talk(TalkAct::Send), ("", "send this message; live 0.7 s after arming")),
    row(Preview, &[Char('y')], "y", Act::Lever(LeverAct::Copy), ("copy", "copy the request, as a line for a shell where one can do it")),
    row(Preview, &[Char('j'), Code(KeyCode::Down)], "j", Act::Down, ("", "scroll the request down")),
    row(Preview, &[Char('k'), Code(KeyCode::Up)], "k", Act::Up, ("", "scroll it up")),
    row(Preview, &[Code(KeyCode::Esc), Char('q')], "Esc", Act::Talk(TalkAct::Withdraw), ("back", "back; nothing is sent")),
    row(Preview, &[Char('?'), Code(KeyCode::F(1))], "? F1", Act::Help, ("help", "help for where you are")),

    row(Posted, &[Char('P')], "P", Act::Talk(TalkAct::Preview), ("prepare anew", "prepare it anew; nothing is sent")),
    row(Posted, &[Code(KeyCode::Esc), Char('q')], "Esc", Act::Talk(TalkAct::Withdraw), ("leave", "leave; the message goes on")),
    row(Posted, &[Char('?'), Code(KeyCode::F(1))], "? F1", Act::Help, ("help", "help for where you are")),

    row(Lists, &[Char('y')], "y", Act::CopyLink, ("copy", "copy the address; no browser starts")),

    row(Arm, &[Char('F')], "F", Act::Lever(LeverAct::Fire), ("", "fire; live 0.7 s after arming")),
    row(Arm, &[Char('r')], "r", Act::Lever(LeverAct::ReRead), ("re-read", "look again")),
    row(Arm, &[Char('y')], "y", Act::Lever(LeverAct::Copy), ("copy", "copy the request, as a line for a shell where one can do it")),
    row(Arm, &[Char('x')], "x", Act::Lever(LeverAct::ByHand), ("done by hand", "I did it by hand: read it back, send nothing")),
    row(Arm, &[Char('o')], "o", Act::Lever(LeverAct::FireAnyway), ("override", "give a reason for firing against an interlock")),
    row(Arm, &[Char('t')], "t", Act::Lever(LeverAct::TypeTarget), ("", "type the target of an irreversible lever")),
    row(Arm, &[Char('A')], "A", Act::Lever(LeverAct::Approve), ("approve", "a second person approves: their name, then the target")),
    row(Arm, &[Char('v')], "v", Act::Lever(LeverAct::AttestDone), ("", "no read-back: it is as wanted; say what you SAW")),
    row(Arm, &[Char('n')], "n", Act::Lever(LeverAct::AttestNotDone), ("", "no read-back: it is NOT as wanted; say what you SAW")),
    row(Arm, &[Char('j'), Code(KeyCode::Down)], "j", Act::Down, ("", "scroll the request down")),
    row(Arm, &[Char('k'), Code(KeyCode::Up)], "k", Act::Up, ("", "scroll it up")),
    row(Arm, &[Code(KeyCode::Esc)], "Esc", Act::Lever(LeverAct::Disarm), ("disarm", "disarm; nothing is sent")),
    row(Arm, &[Char('?'), Code(KeyCode::F(1))], "? F1", Act::Help, ("help", "help; nothing is disarmed, and time goes on")),

    row(Fired, &[Char('r')], "r", Act::Lever(LeverAct::ReRead), ("look again", "look again; a pull known not to have worked is armed anew")),
    row(Fired, &[Char('v')], "v", Act::Lever(LeverAct::AttestDone), ("", "no read-back: it is as wanted; say what you SAW")),
    row(Fired, &[Char('n')], "n", Act::Lever(LeverAct::AttestNotDone), ("", "no read-back: it is NOT as wanted; say what you SAW")),
    row(Fired, &[Code(KeyCode::Esc), Char('q')], "Esc", Act::Lever(LeverAct::Disarm), ("leave", "leave; the pull goes on")),
    row(Fired, &[Char('?'), Code(KeyCode::F(1))], "? F1", Act::Help, ("help", "help for where you are")),

    row(Menu, &[Digit(9), Letter('p')], "1-9 a-p", Act::Choose, ("choose", "choose; a lever has the number it has in LEVERS")),
    row(Menu, &[Code(KeyCode::Esc), Char('q')], "Esc", Act::Cancel, ("back", "back; nothing is chosen")),
    row(Menu, &[Char('?'), Code(KeyCode::F(1))], "? F1", Act::Help, ("help", "help for where you are")),

    row(Ready, &[Code(KeyCode::Enter)], "Enter", Act::Accept, ("declare", "declare with the reason shown; starts the checklist")),
    row(Ready, &[Char('e')], "e", Act::Talk(TalkAct::EditReason), ("edit the reason", "edit the reason; until then no key gets into it")),
    row(Ready, &[Code(KeyCode::Esc), Char('q')], "Esc", Act::Cancel, ("back", "back; nothing is declared")),
    row(Ready, &[Char('?'), Code(KeyCode::F(1))], "? F1", Act::Help, ("help", "help for where you are")),

    row(Text, &[Code(KeyCode::Enter)], "Enter", Act::Accept, ("accept", "accept the text")),
    row(Text, &[Code(KeyCode::Esc)], "Esc", Act::Cancel, ("drop", "drop the text")),
    row(Text, &[Code(KeyCode::F(1))], "F1", Act::Help, ("", "help for where you are")),

    row(Place::Help, &[Char('j'), Code(KeyCode::Down)], "j", Act::Down, ("", "down")),
    row(Place::Help, &[Char('k'), Code(KeyCode::Up)], "k", Act::Up, ("", "up")),
    row(Place::Help, &[Twice('g'), Code(KeyCode::Home)], "gg", Act::First, ("", "first")),
    row(Place::Help, &[Char('G'), Code(KeyCode::End)], "G", Act::Last, ("", "last")),
    row(Place::Help, &[Ctrl('d'), Code(KeyCode::PageDown)], "Ctrl-D", Act::HalfDown, ("", "half a page down")),
    row(Place::Help, &[Ctrl('u'), Code(KeyCode::PageUp)], "Ctrl-U", Act::HalfUp, ("", "half a page up")),
    row(Place::Help, &[Char('/')], "/", Act::Search, ("search", "search the help")),
    row(Place::Help, &[Char('n')], "n", Act::NextFound, ("", "next line found")),
    row(Place::Help, &[Char('N')], "N", Act::PrevFound, ("", "line found before")),
    row(Place::Help, &[Code(KeyCode::Esc), Char('q'), Char('?'), Code(KeyCode::F(1))], "Esc", Act::Back, ("close", "close the help")),

    row(Palette, &[Code(KeyCode::Enter)], "Enter", Act::Accept, ("open or arm", "open it, or do what its key does; fires nothing")),
    row(Palette, &[Code(KeyCode::Esc)], "Esc", Act::Cancel, ("close", "close the palette")),
    row(Palette, &[Code(KeyCode::Down), Ctrl('n')], "Down", Act::Down, ("", "down")),
    row(Palette, &[Code(KeyCode::Up), Ctrl('p')], "Up", Act::Up, ("", "up")),
    row(Palette, &[Code(KeyCode::PageDown)], "PgDn", Act::HalfDown, ("", "half a page down")),
    row(Palette, &[Code(KeyCode::PageUp)], "PgUp", Act::HalfUp, ("", "half a page up")),

    row(Search, &[Code(KeyCode::Enter)], "Enter", Act::Accept, ("keep", "keep what was found, to walk through it")),
    row(Search, &[Code(KeyCode::Esc)], "Esc", Act::Cancel, ("end", "end the search")),
    row(Search, &[Code(KeyCode::Down)], "Down", Act::NextFound, ("", "next line found")),
    row(Search, &[Code(KeyCode::Up)], "Up", Act::PrevFound, ("", "line found before")),

    row(Quit, &[Char('y')], "y", Act::Quit, ("leave", "leave; `resume` goes on from here")),
    row(Quit, &[Char('n'), Char('q'), Code(KeyCode::Esc)], "Esc n", Act::Stay, ("stay", "stay")),
    row(Quit, &[Char('?'), Code(KeyCode::F(1))], "? F1", Act::Help, ("help", "help for where you are")),

    row(Replay, &[Char(' ')], "Space", Act::Reel(ReelAct::Play), ("play", "play, or stop")),
    row(Replay, &[Char('.')], ".", Act::Reel(ReelAct::NextEvent), ("next event", "next event")),
    row(Replay, &[Char(',')], ",", Act::Reel(ReelAct::PrevEvent), ("before", "event before")),
    row(Replay, &[Char(']')], "]", Act::Reel(ReelAct::NextMark), ("", "next bookmark")),
    row(Replay, &[Char('[')], "[", Act::Reel(ReelAct::PrevMark), ("", "bookmark before")),
    row(Replay, &[Char('b')], "b", Act::Reel(ReelAct::Mark), ("mark", "set a bookmark here, or take it away")),
    row(Replay, &[Char('>')], ">", Act::Reel(ReelAct::Faster), ("faster", "play faster: 1 2 4 8 16 60 times")),
    row(Replay, &[Char('<')], "<", Act::Reel(ReelAct::Slower), ("", "play slower")),
    row(Replay, &[Char('0'), Digit(9)], "0-9", Act::Reel(ReelAct::Percent), ("percent", "to so many tenths of the way")),
    row(Replay, &[Shift(KeyCode::Right)], "S-Right", Act::Reel(ReelAct::FarAhead), ("", "10 s on")),
    row(Replay, &[Shift(KeyCode::Left)], "S-Left", Act::Reel(ReelAct::FarBehind), ("", "10 s back")),
    row(Replay, &[Code(KeyCode::Right)], "Right", Act::Reel(ReelAct::Ahead), ("", "1 s on")),
    row(Replay, &[Code(KeyCode::Left)], "Left", Act::Reel(ReelAct::Behind), ("", "1 s back")),
    row(Replay, &[Code(KeyCode::Home)], "Home", Act::Reel(ReelAct::Begin), ("", "to the beginning")),
    row(Replay, &[Code(KeyCode::End)], "End", Act::Reel(ReelAct::End), ("", "to the end")),

    row(Events, &[Char('/')], "/", Act::Reel(ReelAct::Find), ("find", "to the next event that says what you type")),
    row(Events, &[Char('n')], "n", Act::Reel(ReelAct::NextFound), ("", "next event found")),
    row(Events, &[Char('N')], "N", Act::Reel(ReelAct::PrevFound), ("", "event found before")),

    row(Always, &[Ctrl('c')], "Ctrl-C", Act::Interrupt, ("", "cancel; twice in 2 s asks; a third leaves")),
    row(Always, &[Ctrl('l')], "Ctrl-L", Act::Redraw, ("", "draw again")),
];
