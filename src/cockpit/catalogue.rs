//! The lists a playbook has for people: which there are, and how many lines each would have.

use super::scene::Scene;

/// A list to read; none of it changes anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Catalogue {
    /// What one sees, and what fixes it.
    Symptoms,
    /// Pages to open elsewhere.
    Links,
    /// Whom to reach.
    Contacts,
    /// Questions with answers.
    Faq,
    /// What is due after closing.
    FollowUps,
}

impl Catalogue {
    /// Its heading.
    pub(super) fn heading(self) -> &'static str {
        match self {
            Self::Symptoms => "SYMPTOMS AND FIXES",
            Self::Links => "LINKS",
            Self::Contacts => "CONTACTS",
            Self::Faq => "QUESTIONS",
            Self::FollowUps => "FOLLOW-UPS",
        }
    }

    /// Why there is nothing to show.
    pub(super) fn why_empty(self, scene: &Scene) -> Option<String> {
        let lists = &scene.playbook.lists;
        let (len, what) = match self {
            Self::Symptoms => (scene.playbook.symptoms.len(), "symptoms"),
            Self::Links => (lists.links.len(), "links"),
            Self::Contacts => (lists.contacts.len(), "contacts"),
            Self::Faq => (lists.faq.len(), "questions"),
            Self::FollowUps => (lists.follow_ups.len(), "follow-ups"),
        };
        (len == 0).then(|| format!("this playbook has no {what}"))
    }
}
