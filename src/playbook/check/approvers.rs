//! The second person's role: asked for where a second person is, and never empty.

use super::Desk;
use crate::playbook::raw::RawLever;
use crate::playbook::spans::join;

impl Desk<'_> {
    /// That a lever names a role only where it asks for a second person.
    pub(super) fn approver_fits(&mut self, at: &str, written: &RawLever) {
        let at = join(at, "approver");
        self.names_a_role(&at, written.approver.as_deref());
        if written.approver.is_some() && written.approval.is_none() {
            let hint = "add `approval = \"second-person\"`, or take `approver` out";
            self.document.flaw_of_key(&at, "nobody is asked to approve this lever, so nobody is the approver", hint);
        }
    }

    /// That a role has a name.
    pub(super) fn names_a_role(&mut self, at: &str, role: Option<&str>) {
        if role.is_some_and(|role| role.trim().is_empty()) {
            self.flaw(at, "an approver without a role is nobody", "name the role: `approver = \"Tech Lead\"`");
        }
    }
}
