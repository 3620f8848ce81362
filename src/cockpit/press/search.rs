//! `/`, n and N: what is typed is looked for at once, and walked through afterwards.

use crate::cockpit::intent::Intent;
use crate::cockpit::item::{Item, List};
use crate::cockpit::scene::Scene;
use crate::cockpit::search::{Found, Search, places};
use crate::cockpit::typed::Typed;
use crate::cockpit::ui::Ui;

impl Ui {
    /// The search of where one is, if it looks for anything.
    pub(in crate::cockpit) fn search(&self) -> Option<&Search> {
        self.search.as_ref().filter(|search| search.list == self.list())
    }

    /// The words that are marked.
    pub(in crate::cockpit) fn sought(&self) -> Option<&str> {
        self.search().map(|search| search.typed.as_str()).filter(|words| !words.is_empty())
    }

    /// The items of the list that hold what is searched for.
    pub(in crate::cockpit) fn hits(&self, scene: &Scene) -> Vec<Item> {
        let Some((search, words)) = self.search().zip(self.sought()) else { return Vec::new() };
        let holds = |item: &Item| !places(&item.words(scene), words).is_empty();
        search.list.items(scene).into_iter().filter(holds).collect()
    }

    /// Where the search stands; what is only read was counted when it was last drawn.
    pub(in crate::cockpit) fn found(&self, scene: &Scene) -> Option<Found> {
        let search = self.search()?;
        self.sought()?;
        if search.list == List::Page {
            let of = self.shown.hits.get();
            return Some(Found { at: search.at.checked_rem(of), of });
        }
        let hits = self.hits(scene);
        let selected = self.selected_item(scene);
        let at = hits.iter().position(|hit| Some(hit) == selected.as_ref());
        Some(Found { at, of: hits.len() })
    }

    pub(super) fn begin_search(&mut self, scene: &Scene) -> Vec<Intent> {
        let before = self.selected_item(scene);
        self.search = Some(Search { list: self.list(), typed: Typed::default(), typing: true, before, at: 0 });
        Vec::new()
    }

    /// Selects the first row at or below where one was that holds what was typed.
    pub(in crate::cockpit) fn look(&mut self, scene: &Scene) {
        let Some(search) = &mut self.search else { return };
        search.at = 0;
        let (list, before) = (search.list, search.before.clone());
        let target = self.nearest_hit(list, before.as_ref(), scene).or(before);
        if let Some(item) = target {
            self.select(item, scene);
        }
    }

    fn nearest_hit(&self, list: List, from: Option<&Item>, scene: &Scene) -> Option<Item> {
        let hits = self.hits(scene);
        let all = list.items(scene);
        let from = all.iter().position(|item| Some(item) == from).unwrap_or(0);
        let below = all.iter().skip(from).chain(all.iter().take(from));
        below.into_iter().find(|item| hits.contains(item)).cloned()
    }

    /// To the next row found, or the one before; round the end.
    pub(super) fn walk_found(&mut self, forward: bool, scene: &Scene) -> Vec<Intent> {
        let list = self.list();
        if list == List::Page {
            let of = self.shown.hits.get().max(1);
            if let Some(search) = &mut self.search {
                search.at = (search.at + if forward { 1 } else { of - 1 }) % of;
            }
            return Vec::new();
        }
        let (all, hits) = (list.items(scene), self.hits(scene));
        let here = all.iter().position(|item| Some(item) == self.selected_item(scene).as_ref()).unwrap_or(0);
        let place = |hit: &Item| all.iter().position(|item| item == hit).unwrap_or(0);
        let next = if forward {
            hits.iter().find(|hit| place(hit) > here).or(hits.first())
        } else {
            hits.iter().rev().find(|hit| place(hit) < here).or(hits.last())
        };
        if let Some(next) = next.cloned() {
            self.select(next, scene);
        }
        Vec::new()
    }

    /// Keys are keys again; what was found stays marked. Nothing typed is nothing searched for.
    pub(super) fn keep_search(&mut self, scene: &Scene) -> Vec<Intent> {
        // What was pasted has been looked for by nobody yet.
        if self.found(scene).is_some_and(|found| found.at.is_none()) {
            self.look(scene);
        }
        if let Some(search) = &mut self.search {
            search.typing = false;
        }
        self.search.take_if(|search| search.typed.as_str().is_empty());
        Vec::new()
    }

    /// Ends the search; one stays at what was found.
    pub(super) fn end_search(&mut self) -> Vec<Intent> {
        if self.search.take().is_some_and(|search| search.list == List::Page) {
            self.selected.help_down = self.shown.top.get();
        }
        Vec::new()
    }
}
