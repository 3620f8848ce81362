//! Claims about what the inbox's thread tells.

use crate::app::live::porter::tell_news;
use tokio::sync::mpsc;

#[test]
fn that_the_inbox_is_empty_is_told_until_it_was_heard_and_then_not_again() {
    let (tell, mut found) = mpsc::channel(1);
    let slip = ("jo".to_owned(), Err("no slip".to_owned()));
    assert_eq!(tell_news(&tell, vec![slip], true), Some(false));
    assert_eq!(tell_news(&tell, Vec::new(), false), Some(false), "nobody has taken the last news: this was not heard");
    assert_eq!(found.try_recv().expect("the slip").len(), 1);
    assert_eq!(tell_news(&tell, Vec::new(), false), Some(true));
    assert!(found.try_recv().expect("that it is empty").is_empty());
    assert_eq!(tell_news(&tell, Vec::new(), true), Some(true));
    assert!(found.try_recv().is_err(), "what was heard is no news");
    drop(found);
    assert_eq!(tell_news(&tell, Vec::new(), false), None, "nobody listens");
}
