//! The lists for people: symptoms and their fixes, links, contacts, questions, follow-ups.

use crate::cockpit::catalogue::Catalogue;
use crate::cockpit::facts;
use crate::cockpit::panels::{Lines, View, cut, paged};
use crate::cockpit::theme::Token;
use crate::cockpit::words;
use crate::incident::{Due, follow_ups, raised};
use crate::playbook::{FollowUp, Id, Symptom};
use crate::text::shell_word;
use ratatui::style::Modifier;

/// Where what belongs to a row begins.
const INDENT: usize = 4;
/// What a title takes in a row of its own.
const TITLE: usize = 34;
/// What of a follow-up's row its state takes, its id at most, and when it is due at least.
const STATE: usize = 6;
const ID: usize = 22;
const WHEN: usize = 14;
/// What who does it takes at most.
const OWNER: usize = 16;
/// Below this many columns its owner is left out.
const NARROW: usize = 70;

pub(super) fn lines(view: &View, catalogue: Catalogue, width: usize, height: usize) -> Lines {
    let keys = match catalogue {
        Catalogue::Symptoms => {
            "<main.down> <main.up>   <main.open> its pages   <lists.copy-link> copies the first   <main.back> back"
        }
        Catalogue::Links => "<main.down> <main.up>   <lists.copy-link> copies the address   <main.back> back",
        Catalogue::Contacts | Catalogue::Faq | Catalogue::FollowUps => {
            "<main.down> <main.up> scroll   <main.back> back"
        }
    };
    let heading = view.row().strong(Token::Fg, Modifier::BOLD, catalogue.heading());
    let mut lines = vec![heading.right(Token::Muted, keys, width).line()];
    let room = height.saturating_sub(1);
    match catalogue {
        Catalogue::Symptoms => lines.extend(symptoms(view, width, room)),
        Catalogue::Links => lines.extend(links(view, width, room)),
        Catalogue::Contacts => lines.extend(paged(view, contacts(view, width), room)),
        Catalogue::Faq => lines.extend(paged(view, questions(view, width), room)),
        Catalogue::FollowUps => lines.extend(paged(view, due(view, width), room)),
    }
    lines
}

/// Every symptom; what fixes the selected one stands below it.
fn symptoms(view: &View, width: usize, height: usize) -> Lines {
    let raised = raised(&view.scene.playbook, &view.scene.state);
    let chosen = view.ui.symptom(view.scene).map(|symptom| &symptom.id);
    let (mut rows, mut place) = (Lines::new(), 0);
    for symptom in view.scene.playbook.symptoms.values() {
        let is_raised = raised.contains(&symptom.id);
        let (glyph, token) = if is_raised { ("X", Token::Breach) } else { (" ", Token::Muted) };
        let here = chosen == Some(&symptom.id);
        let row = view.row().put(token, glyph).pointed(here);
        let row = view.mark(row, here, &symptom.title, width.saturating_sub(12));
        rows.push(row.put(token, if is_raised { "RAISED" } else { "" }).line());
        if here {
            rows.extend(fixes(view, symptom, width));
            place = rows.len() - 1;
        }
    }
    cut(view, rows, height, place)
}

/// The levers that fit, by number, and the pages to open.
fn fixes(view: &View, symptom: &Symptom, width: usize) -> Lines {
    let lever = |id: &Id| {
        let title = view.scene.playbook.levers.get(id).map_or(id.as_str(), |lever| lever.title.as_str());
        format!("{} {title}", facts::lever_number(view.scene, id))
    };
    let page = |id: &Id| {
        let link = view.scene.playbook.lists.links.get(id);
        link.map_or_else(|| id.to_string(), |link| format!("{}  {}", link.title, link.url))
    };
    let levers = symptom.levers.iter().map(|id| ("lever", lever(id)));
    let pages = symptom.links.iter().map(|id| ("open", page(id)));
    let line = |(word, text): (&str, String)| {
        view.row().to(INDENT).cell(Token::Muted, word, 7).fit(Token::Fg, &text, width).line()
    };
    levers.chain(pages).map(line).collect()
}

fn links(view: &View, width: usize, height: usize) -> Lines {
    let chosen = view.ui.link(view.scene).map(|link| &link.id);
    let links = &view.scene.playbook.lists.links;
    let title = links.values().map(|link| words::columns(&link.title) + 2).max().unwrap_or(0).min(TITLE);
    let row = |link: &crate::playbook::Link| {
        let here = chosen == Some(&link.id);
        let row = view.mark(view.row().pointed(here).to(2), here, &link.title, title);
        row.fit(Token::Muted, &link.url, width).line()
    };
    let place = links.keys().position(|id| Some(id) == chosen).unwrap_or(0);
    cut(view, links.values().map(row).collect(), height, place)
}

fn contacts(view: &View, width: usize) -> Lines {
    let contacts = view.scene.playbook.lists.contacts.values();
    let title = contacts.clone().map(|contact| words::columns(&contact.title) + 2).max().unwrap_or(0).min(TITLE);
    contacts.flat_map(|contact| view.titled(title, &contact.title, &contact.reach, width)).collect()
}

fn questions(view: &View, width: usize) -> Lines {
    let mut lines = Lines::new();
    for faq in &view.scene.playbook.lists.faq {
        let wrapped = words::wrap(&faq.question, width);
        lines.extend(wrapped.iter().map(|text| view.row().strong(Token::Fg, Modifier::BOLD, text).line()));
        let answer = words::wrap(&faq.answer, width.saturating_sub(INDENT));
        lines.extend(answer.iter().map(|text| view.row().to(INDENT).put(Token::Fg, text).line()));
        lines.push(view.row().line());
    }
    lines
}

/// What is due after closing, each with the id that ticks it off. How that is done comes first: it is not scrolled for.
fn due(view: &View, width: usize) -> Lines {
    let all = follow_ups(&view.scene.playbook, &view.scene.state);
    let open = all.iter().find(|due| due.done.is_none()).map_or("ID", |due| due.follow_up.id.as_str());
    let directory = view.ui.kept_in.as_deref().map_or_else(|| "DIR".to_owned(), shell_word);
    let how = format!("after closing: goaround follow-up {directory} --done {open} --as WHO --note TEXT");
    let mut lines: Lines =
        words::wrap(&how, width).iter().map(|row| view.row().put(Token::Muted, row).line()).collect();
    lines.push(view.row().line());
    let columns = Columns::of(&all, width);
    lines.extend(all.iter().flat_map(|due| due_lines(view, due, &columns)));
    lines
}

/// How wide the parts of a follow-up's row are, and the row.
struct Columns {
    id: usize,
    title: usize,
    owner: usize,
    row: usize,
}

impl Columns {
    /// As wide as what stands in them. Where there is little room, what is due comes before who does it.
    fn of(all: &[Due], row: usize) -> Self {
        let widest = |text: fn(&FollowUp) -> &str, most: usize| {
            all.iter().map(|due| words::columns(text(due.follow_up)) + 2).max().unwrap_or(0).min(most)
        };
        let id = widest(|follow_up| follow_up.id.as_str(), ID).min(row / 3);
        let owner = if row < NARROW { 0 } else { widest(|follow_up| &follow_up.owner, OWNER) };
        let title = widest(|follow_up| &follow_up.title, TITLE).min(row.saturating_sub(STATE + id + owner + WHEN));
        Self { id, title, owner, row }
    }
}

/// One of them. An id is typed, so it is never cut: where it has no room, it has a row of its own.
fn due_lines(view: &View, due: &Due, columns: &Columns) -> Lines {
    // The cockpit's time ends at closing: how late something is, `goaround follow-up` says.
    let (word, token, when) = match (due.done, due.due_ms) {
        (Some(done), _) => ("done", Token::Ok, format!("by {}: {}", done.by, done.note)),
        (None, closed) => {
            let token = if closed.is_some() { Token::Warn } else { Token::Muted };
            ("open", token, format!("within {}", words::age(due.follow_up.within_ms)))
        }
    };
    let id = due.follow_up.id.as_str();
    let row = view.row().cell(token, word, STATE);
    let (mut lines, row) = if words::columns(id) < columns.id {
        (Lines::new(), row.cell(Token::Fg, id, columns.id))
    } else {
        let rows = words::wrap(id, columns.row.saturating_sub(STATE));
        let rows = rows.iter().map(|part| view.row().to(STATE).put(Token::Fg, part).line());
        (rows.collect(), row.to(STATE + columns.id))
    };
    let row = row.cell(Token::Fg, &due.follow_up.title, columns.title);
    lines.push(row.cell(Token::Muted, &due.follow_up.owner, columns.owner).fit(token, &when, columns.row).line());
    lines
}
