//! A fold that can be sought: to any place of what is folded, forwards or back, at little cost.

use std::sync::Arc;

/// What was folded so far, with a checkpoint now and then to go back to.
#[derive(Clone, Debug)]
pub struct Scrub<S> {
    /// How many lie between one checkpoint and the next.
    every: usize,
    /// What the fold had come to at 0, `every`, 2 `every` …: as far as was ever sought.
    checkpoints: Vec<S>,
    at: usize,
    here: Arc<S>,
}

impl<S: Clone + Default> Scrub<S> {
    /// Nothing folded yet. Going back costs the folding of fewer than `every`.
    pub fn new(every: usize) -> Self {
        Self { every: every.max(1), checkpoints: vec![S::default()], at: 0, here: Arc::default() }
    }

    /// What the fold comes to over the first `count`; `fold` takes in the one at a place.
    pub fn seek(&mut self, count: usize, mut fold: impl FnMut(&mut S, usize)) -> &Arc<S> {
        let nearest = (count / self.every).min(self.checkpoints.len() - 1);
        if count < self.at || nearest * self.every > self.at {
            (self.at, self.here) = (nearest * self.every, Arc::new(self.checkpoints[nearest].clone()));
        }
        while self.at < count {
            fold(Arc::make_mut(&mut self.here), self.at);
            self.at += 1;
            if self.at == self.checkpoints.len() * self.every {
                self.checkpoints.push((*self.here).clone());
            }
        }
        &self.here
    }
}
