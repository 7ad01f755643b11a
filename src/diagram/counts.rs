//! What is read off a diagram: its size, how many ways make it true, and the cheapest of them.

use ethnum::U256;

use super::{Diagram, EMPTY, Node};

impl Diagram {
    /// How many nodes a function has; worked out once for each.
    pub fn size(&mut self, node: Node) -> usize {
        if let Some(&size) = self.sizes.get(&node) {
            return size;
        }
        self.round += 1;
        self.seen.resize(self.len(), 0);
        let mut stack = vec![node];
        let mut size = 0;
        while let Some(next) = stack.pop() {
            if next.number().is_none() && self.seen[next.index()] != self.round {
                self.seen[next.index()] = self.round;
                size += 1;
                stack.extend(self.children_of(next));
            }
        }
        self.sizes.insert(node, size);
        size
    }

    /// Every inner node of a function, children before parents, and where each stands there.
    fn below(&self, node: Node) -> (Vec<Node>, Vec<u32>) {
        let mut places = vec![EMPTY; self.len()];
        let mut found = Vec::new();
        let mut stack = vec![node];
        while let Some(next) = stack.pop() {
            if next.number().is_none() && places[next.index()] == EMPTY {
                places[next.index()] = 0;
                found.push(next);
                stack.extend(self.children_of(next));
            }
        }
        // Deeper levels first: every child reads a later variable than its parent.
        found.sort_unstable_by_key(|&node| (std::cmp::Reverse(self.level(node)), node));
        for (place, node) in (0..).zip(&found) {
            places[node.index()] = place;
        }
        (found, places)
    }

    /// How many ways to set all variables make the function true; none past 256 bits.
    pub fn count(&self, node: Node) -> Option<U256> {
        let (inner, places) = self.below(node);
        let mut counts: Vec<U256> = Vec::with_capacity(inner.len());
        let counted = |counts: &[U256], node: Node, from: u32| {
            let own = match node.number() {
                Some(number) => U256::from(u8::from(number != 0)),
                None => counts[places[node.index()] as usize],
            };
            own.checked_mul(self.free(from, self.level(node))?)
        };
        for &parent in &inner {
            let below = self.level(parent) + 1;
            let sum = self.children_of(parent).iter().try_fold(U256::ZERO, |sum, &child| {
                sum.checked_add(counted(&counts, child, below)?)
            })?;
            counts.push(sum);
        }
        counted(&counts, node, 0)
    }

    /// How many ways there are to set the variables from one level up to another, excluded.
    pub fn free(&self, from: u32, to: u32) -> Option<U256> {
        let to = (to as usize).min(self.domains.len());
        self.domains[from as usize..to]
            .iter()
            .try_fold(U256::ONE, |all, &values| all.checked_mul(U256::from(values)))
    }

    /// The fewest, or the most, of a quantity over the ways that make the function true.
    ///
    /// `gain(level, value)` is what setting a variable adds; a variable that is not read is taken
    /// at its best.
    pub fn extreme(&self, node: Node, most: bool, gain: impl Fn(u32, u32) -> i64) -> Option<i64> {
        let best =
            |gains: &mut dyn Iterator<Item = i64>| if most { gains.max() } else { gains.min() };
        let free: Vec<i64> = (0..self.variables())
            .map(|level| {
                best(&mut (0..self.domain(level)).map(|value| gain(level, value))).unwrap_or(0)
            })
            .collect();
        let skipped = |from: u32, to: u32| -> i64 {
            free[from as usize..(to as usize).min(free.len())].iter().sum()
        };
        let (inner, places) = self.below(node);
        let mut found: Vec<Option<i64>> = Vec::with_capacity(inner.len());
        let reached = |found: &[Option<i64>], node: Node, from: u32| -> Option<i64> {
            let own = match node.number() {
                Some(number) => (number != 0).then_some(0),
                None => found[places[node.index()] as usize],
            };
            Some(own? + skipped(from, self.level(node)))
        };
        for &parent in &inner {
            let level = self.level(parent);
            let mut gains = (0..).zip(self.children_of(parent)).filter_map(|(value, &child)| {
                Some(gain(level, value) + reached(&found, child, level + 1)?)
            });
            let best = best(&mut gains);
            found.push(best);
        }
        reached(&found, node, 0)
    }

    /// The fewest variables that must be other than zero to make the function true; `u32::MAX`
    /// if nothing does.
    ///
    /// Zero is "not answered" and "not ticked", so this is the number of answers and ticks.
    pub fn cheapest(&mut self, node: Node) -> u32 {
        const OPEN: u32 = u32::MAX - 1;
        if let Some(number) = node.number() {
            return if number == 0 { u32::MAX } else { 0 };
        }
        if self.cheapest.len() < self.len() {
            self.cheapest.resize(self.len(), OPEN);
        }
        if self.cheapest[node.index()] == OPEN {
            let head = self.heads[node.index()];
            let range = head.start..head.start + self.domains[head.level as usize];
            let mut best = u32::MAX;
            for (child, value) in range.zip(0_u32..) {
                let rest = self.cheapest(self.children[child as usize]);
                best = best.min(rest.saturating_add(value.min(1)));
            }
            self.cheapest[node.index()] = best;
        }
        self.cheapest[node.index()]
    }
}
