//! Whose command is refused.

use super::leave::{Failing, begun};
use crate::app::flight::Input;
use crate::incident::Command;

#[tokio::test]
async fn only_what_the_commander_asked_for_is_refused_where_they_asked_for_it() {
    let (mut session, _answered, mut acks) = begun(Failing { left: 0, seq: 0 });
    let ack = acks.recv().await.expect("the opening is written down");
    session.synced(ack);
    let refused = || Command::ExtendHold { by_ms: 300_000 };
    session.feed(Input::Command("jo".into(), refused()));
    let told = session.toast.take().expect("it is told");
    assert_eq!(session.denied, None);
    session.feed(Input::Command("mira".into(), refused()));
    assert_eq!(session.denied.as_ref().map(|(_, why)| why), Some(&told.1));
    assert_eq!(session.scene().refused, session.denied);
}
