//! Several functions at once, joined by and/or, without multiplying them into one.
//!
//! A product of functions can be too large where the search for one way that makes them all true
//! is not: the small ones are walked side by side. What the walk does not settle, multiplying
//! often does, so both are tried.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::diagram::{Diagram, Node, Ordered, TooLarge};

/// Functions joined by and/or.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Formula {
    /// One function.
    Leaf(Node),
    /// All are true.
    All(Vec<Self>),
    /// At least one is true.
    Any(Vec<Self>),
}

/// Whether some way makes a formula true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// No way does.
    Never,
    /// This does, and no way with fewer answers and ticks does.
    Shortest(Vec<u32>),
    /// The bound was spent before either was known.
    TooLarge,
}

/// States of the first, hopeful search.
const FIRST_SEARCH: usize = 5_000;
/// New nodes of a product that mostly comes to nothing at once.
const LIGHT_PRODUCT: usize = 1_000;
/// New nodes of one product before it is given up.
const PRODUCT: usize = 30_000;

impl Formula {
    /// Always true.
    pub const TRUE: Self = Self::Leaf(Node::TRUE);
    /// Never true.
    pub const FALSE: Self = Self::Leaf(Node::FALSE);

    /// The formula that is true where this one is not.
    pub fn negated(&self, diagram: &mut Diagram) -> Result<Self, TooLarge> {
        let parts = |parts: &[Self], diagram: &mut Diagram| {
            parts.iter().map(|part| part.negated(diagram)).collect::<Result<Vec<_>, _>>()
        };
        Ok(match self {
            Self::Leaf(node) => Self::Leaf(diagram.not(*node)?),
            Self::All(all) => Self::Any(parts(all, diagram)?),
            Self::Any(any) => Self::All(parts(any, diagram)?),
        })
    }

    /// The formula multiplied out as far as no product makes more than `product` new nodes.
    #[must_use]
    pub fn collapsed(&self, diagram: &mut Diagram, product: usize) -> Self {
        let (parts, all) = match self {
            Self::Leaf(_) => return self.clone(),
            Self::All(parts) => (parts, true),
            Self::Any(parts) => (parts, false),
        };
        let (mut leaves, mut others) = (Vec::new(), Vec::new());
        let mut pending: Vec<&Self> = parts.iter().rev().collect();
        while let Some(part) = pending.pop() {
            match part {
                Self::Leaf(node) => leaves.push(*node),
                Self::All(inner) if all => pending.extend(inner.iter().rev()),
                Self::Any(inner) if !all => pending.extend(inner.iter().rev()),
                other => others.push(other),
            }
        }
        let beside = join(diagram, product, std::mem::take(&mut leaves), all);
        let mut rest = Vec::new();
        for other in others {
            // What stands beside it goes into each of its parts: most come to nothing there, where
            // the parts joined to one would be too large to hold.
            let inner = match other {
                Self::Any(inner) if all => {
                    let beside = beside.iter().copied().map(Self::Leaf);
                    let with =
                        |part: &Self| Self::All(beside.clone().chain([part.clone()]).collect());
                    Self::Any(inner.iter().map(with).collect())
                }
                _ => other.clone(),
            };
            match inner.collapsed(diagram, product) {
                Self::Leaf(node) => leaves.push(node),
                other => rest.push(other),
            }
        }
        let found = leaves.into_iter().chain(beside).collect();
        let mut kept = join(diagram, product, found, all);
        let end = Node::of(!all);
        if kept.contains(&end) {
            return Self::Leaf(end);
        }
        kept.retain(|&leaf| leaf != Node::of(all));
        if rest.is_empty() && kept.len() <= 1 {
            return Self::Leaf(kept.first().copied().unwrap_or(Node::of(all)));
        }
        let parts = kept.into_iter().map(Self::Leaf).chain(rest).collect();
        if all { Self::All(parts) } else { Self::Any(parts) }
    }

    /// The formula as one function, if no product makes more than `product` new nodes.
    pub fn multiplied(&self, diagram: &mut Diagram, product: usize) -> Result<Node, TooLarge> {
        match self.collapsed(diagram, product) {
            Self::Leaf(node) => Ok(node),
            Self::All(_) | Self::Any(_) => Err(TooLarge),
        }
    }

    /// Looks for the shortest way that makes the formula true, or shows that there is none.
    ///
    /// Costs at most about `states` states of search, and nodes up to the diagram's bound.
    pub fn shortest(&self, diagram: &mut Diagram, states: usize) -> Found {
        let light = self.collapsed(diagram, LIGHT_PRODUCT);
        match search(&light, diagram, FIRST_SEARCH.min(states)) {
            Found::TooLarge => {}
            found => return found,
        }
        let packed = light.collapsed(diagram, PRODUCT);
        search(&packed, diagram, states)
    }

    /// The formula with some variables set.
    ///
    /// # Errors
    /// When the diagram's bound is spent.
    pub fn fixed(&self, diagram: &mut Diagram, setting: &[(u32, u32)]) -> Result<Self, TooLarge> {
        let parts = |parts: &[Self], diagram: &mut Diagram| {
            parts.iter().map(|part| part.fixed(diagram, setting)).collect::<Result<_, _>>()
        };
        Ok(match self {
            Self::Leaf(node) => Self::Leaf(diagram.fix_all(*node, setting)?),
            Self::All(all) => Self::All(parts(all, diagram)?),
            Self::Any(any) => Self::Any(parts(any, diagram)?),
        })
    }

    fn nodes(&self, found: &mut Vec<Node>) {
        match self {
            Self::Leaf(node) => found.push(*node),
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.nodes(found);
                }
            }
        }
    }

    /// Settles what a state decides; nodes of decided parts become constants, so that states that
    /// mean the same are the same.
    fn settle(&self, state: &mut [Node]) -> Option<bool> {
        let (parts, all) = match self {
            Self::Leaf(_) => return state[0].number().map(|number| number != 0),
            Self::All(parts) => (parts, true),
            Self::Any(parts) => (parts, false),
        };
        let mut settled = Some(all);
        let mut start = 0;
        for part in parts {
            let end = start + part.width();
            match part.settle(&mut state[start..end]) {
                Some(holds) if holds == all => {}
                Some(holds) => {
                    state.fill(Node::of(holds));
                    return Some(holds);
                }
                None => settled = None,
            }
            start = end;
        }
        settled
    }

    fn width(&self) -> usize {
        match self {
            Self::Leaf(_) => 1,
            Self::All(parts) | Self::Any(parts) => parts.iter().map(Self::width).sum(),
        }
    }

    /// No more than the answers and ticks still needed.
    fn least(&self, diagram: &mut Diagram, state: &[Node]) -> u32 {
        let (parts, all) = match self {
            Self::Leaf(_) => return diagram.cheapest(state[0]),
            Self::All(parts) => (parts, true),
            Self::Any(parts) => (parts, false),
        };
        let mut start = 0;
        let costs = parts.iter().map(|part| {
            let end = start + part.width();
            let cost = part.least(diagram, &state[start..end]);
            start = end;
            cost
        });
        if all { costs.max().unwrap_or(0) } else { costs.min().unwrap_or(u32::MAX) }
    }
}

/// Multiplies functions out, smallest first, each into the first product that bears it.
fn join(diagram: &mut Diagram, product: usize, mut leaves: Vec<Node>, all: bool) -> Vec<Node> {
    leaves.sort_by_cached_key(|&leaf| (diagram.size(leaf), leaf));
    leaves.dedup();
    let mut kept: Vec<Node> = Vec::new();
    'leaves: for leaf in leaves {
        for joined in &mut kept {
            let before = *joined;
            let product = diagram.within(product, |diagram| {
                if all { diagram.and(before, leaf) } else { diagram.or(before, leaf) }
            });
            if let Ok(product) = product {
                *joined = product;
                continue 'leaves;
            }
        }
        kept.push(leaf);
    }
    kept
}

/// A state of the search: where each function stands, what it cost, and how it was reached.
#[derive(Clone, Copy)]
struct Step {
    cost: u32,
    from: usize,
    level: u32,
    value: u32,
}

fn search(formula: &Formula, diagram: &mut Diagram, states: usize) -> Found {
    let mut start = Vec::new();
    formula.nodes(&mut start);
    if formula.settle(&mut start) == Some(false) {
        return Found::Never;
    }
    let mut known: Ordered<Box<[Node]>, Step> = Ordered::default();
    let mut queue = BinaryHeap::new();
    let estimate = formula.least(diagram, &start);
    if estimate == u32::MAX {
        return Found::Never;
    }
    known.insert(start.into(), Step { cost: 0, from: usize::MAX, level: 0, value: 0 });
    // Ties fall to what was found first, which is the order of the document.
    queue.push(Reverse((estimate, 0_usize, 0_usize)));
    let mut order = 0;
    while let Some(Reverse((estimate, _, at))) = queue.pop() {
        let (state, step) =
            known.get_index(at).map(|(s, step)| (s.clone(), *step)).unwrap_or_default();
        let level = state.iter().map(|&node| diagram.level(node)).min().unwrap_or(u32::MAX);
        if level == u32::MAX {
            return Found::Shortest(path(diagram, &known, at));
        }
        if estimate > step.cost.saturating_add(formula.least(diagram, &state)) {
            continue;
        }
        if diagram.spend(state.len()).is_err() {
            return Found::TooLarge;
        }
        for value in 0..diagram.domain(level) {
            let mut next: Vec<Node> =
                state.iter().map(|&node| diagram.child(node, level, value)).collect();
            if formula.settle(&mut next) == Some(false) {
                continue;
            }
            let rest = formula.least(diagram, &next);
            if rest == u32::MAX {
                continue;
            }
            let cost = step.cost + value.min(1);
            let found = known.entry(next.into());
            let index = found.index();
            let mut better = true;
            let reached = Step { cost, from: at, level, value };
            found
                .and_modify(|known| {
                    better = cost < known.cost;
                    if better {
                        *known = reached;
                    }
                })
                .or_insert(reached);
            if better {
                order += 1;
                queue.push(Reverse((cost + rest, order, index)));
            }
        }
        if known.len() > states {
            return Found::TooLarge;
        }
    }
    Found::Never
}

impl Default for Step {
    fn default() -> Self {
        Self { cost: 0, from: usize::MAX, level: 0, value: 0 }
    }
}

fn path(diagram: &Diagram, known: &Ordered<Box<[Node]>, Step>, end: usize) -> Vec<u32> {
    let mut setting = vec![0; diagram.variables() as usize];
    let mut at = end;
    while let Some((_, step)) = known.get_index(at) {
        if step.from == usize::MAX {
            break;
        }
        setting[step.level as usize] = step.value;
        at = step.from;
    }
    setting
}
