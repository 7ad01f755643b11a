//! Multi-valued decision diagrams: functions of all ways to answer, each held once.
//!
//! A function of variables with small finite domains is a graph: an inner node reads one variable
//! and has a child for each of its values; a leaf is a whole number. Zero and one are false and
//! true, so conditions and sums of points are one kind of thing. Equal nodes are one node, so
//! equal functions are equal numbers, and a function that can never be true *is* [`Node::FALSE`]:
//! that is what makes an answer a proof. Nodes are shared and never freed; one table serves one
//! question put to it and is dropped as a whole.

mod counts;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// A map that keeps the order of insertion, so that nothing random reaches a reader.
pub type Ordered<K, V> = IndexMap<K, V, FxBuildHasher>;

/// A function in a [`Diagram`]: a leaf's number, or the index of an inner node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node(u32);

const LEAF: u32 = 1 << 31;
const EMPTY: u32 = u32::MAX;

/// The bound on nodes is spent: what was asked is too large to be decided this way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// An operation on two functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Both are true.
    And,
    /// At least one is true.
    Or,
    /// The first is true and the second is not.
    AndNot,
    /// The sum.
    Add,
    /// The product with a leaf.
    Times,
    /// Whether the first is no less than the second, a leaf.
    AtLeast,
}

/// Operations outside [`Op`] share the cache under codes from here on.
pub const OWN_CODES: u32 = 16;
const FIX: u32 = 8;

/// The variable a node reads, and where its children begin.
#[derive(Clone, Copy, Debug)]
struct Head {
    level: u32,
    start: u32,
}

/// All nodes over one list of variables.
#[derive(Debug)]
pub struct Diagram {
    domains: Vec<u32>,
    heads: Vec<Head>,
    children: Vec<Node>,
    /// Nodes by the hash of what they are, the hash beside the node: most that are not wanted are
    /// told by it, without a look at the node.
    unique: Vec<[u32; 2]>,
    cache: Vec<[u32; 4]>,
    scratch: Vec<Node>,
    cheapest: Vec<u32>,
    sizes: Ordered<Node, usize>,
    seen: Vec<u32>,
    round: u32,
    limit: usize,
    work: u64,
    most_work: u64,
}

impl Node {
    /// Never.
    pub const FALSE: Self = Self(LEAF);
    /// Always.
    pub const TRUE: Self = Self(LEAF | 1);

    /// The function that is this number everywhere.
    pub fn leaf(number: i32) -> Self {
        Self(LEAF | (number.cast_unsigned() & !LEAF))
    }

    /// The number, if the function is one everywhere.
    pub fn number(self) -> Option<i32> {
        (self.0 & LEAF != 0).then(|| (self.0 << 1).cast_signed() >> 1)
    }

    /// Always or never.
    pub fn of(holds: bool) -> Self {
        if holds { Self::TRUE } else { Self::FALSE }
    }

    fn index(self) -> usize {
        self.0 as usize
    }
}

impl Diagram {
    /// An empty table over variables with so many values each, of at most `limit` inner nodes.
    pub fn new(domains: Vec<u32>, limit: usize) -> Self {
        Self {
            domains,
            heads: Vec::new(),
            children: Vec::new(),
            unique: vec![[EMPTY; 2]; 1 << 12],
            cache: vec![[EMPTY; 4]; 1 << 12],
            scratch: Vec::new(),
            cheapest: Vec::new(),
            sizes: Ordered::default(),
            seen: Vec::new(),
            round: 0,
            limit: limit.min((LEAF - 1) as usize),
            work: 0,
            most_work: u64::MAX,
        }
    }

    /// The same, of at most so many steps: nodes can be few and the way to them long.
    #[must_use]
    pub fn working(mut self, most: u64) -> Self {
        self.most_work = most;
        self
    }

    /// How many steps were taken: results that were not known already, and states of searches.
    pub fn work(&self) -> u64 {
        self.work
    }

    /// Takes some steps.
    ///
    /// # Errors
    /// When there are none left.
    pub fn spend(&mut self, steps: usize) -> Result<(), TooLarge> {
        self.work += steps as u64;
        if self.work > self.most_work { Err(TooLarge) } else { Ok(()) }
    }

    /// How many inner nodes were made.
    pub fn len(&self) -> usize {
        self.heads.len()
    }

    /// Whether no inner node was made yet.
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// How many variables there are.
    pub fn variables(&self) -> u32 {
        narrow(self.domains.len())
    }

    /// How many values a variable has.
    pub fn domain(&self, level: u32) -> u32 {
        self.domains[level as usize]
    }

    /// About how many bytes the table takes.
    pub fn bytes(&self) -> usize {
        4 * (self.children.capacity() + self.cheapest.capacity() + self.seen.capacity())
            + 8 * (self.heads.capacity() + self.unique.capacity())
            + 16 * self.cache.capacity()
    }

    /// Does something that may make at most `extra` further nodes.
    ///
    /// # Errors
    /// When it would make more.
    pub fn within<T>(
        &mut self,
        extra: usize,
        ask: impl FnOnce(&mut Self) -> Result<T, TooLarge>,
    ) -> Result<T, TooLarge> {
        let before = self.limit;
        self.limit = before.min(self.len() + extra);
        let answer = ask(self);
        self.limit = before;
        answer
    }

    /// The variable an inner node reads; past all variables for a leaf.
    pub fn level(&self, node: Node) -> u32 {
        self.heads.get(node.index()).map_or(u32::MAX, |head| head.level)
    }

    /// The function with one variable set, where that is the node's own; else the node itself.
    pub fn child(&self, node: Node, level: u32, value: u32) -> Node {
        match self.heads.get(node.index()) {
            Some(head) if head.level == level => self.children[(head.start + value) as usize],
            _ => node,
        }
    }

    /// The function that is `choose(value)` where the variable has that value.
    ///
    /// The children must read later variables alone.
    pub fn select(
        &mut self,
        level: u32,
        choose: impl FnMut(u32) -> Node,
    ) -> Result<Node, TooLarge> {
        let base = self.scratch.len();
        self.scratch.extend((0..self.domains[level as usize]).map(choose));
        let made = self.make(level, base);
        self.scratch.truncate(base);
        made
    }

    /// An operation on two functions.
    ///
    /// # Errors
    /// When the bound on nodes is spent, as for every operation here.
    pub fn apply(&mut self, op: Op, a: Node, b: Node) -> Result<Node, TooLarge> {
        let base = self.scratch.len();
        let made = self.combine(op, a, b);
        self.scratch.truncate(base);
        made
    }

    /// Both are true.
    pub fn and(&mut self, a: Node, b: Node) -> Result<Node, TooLarge> {
        self.apply(Op::And, a, b)
    }

    /// At least one is true.
    pub fn or(&mut self, a: Node, b: Node) -> Result<Node, TooLarge> {
        self.apply(Op::Or, a, b)
    }

    /// The first is true and the second is not.
    pub fn and_not(&mut self, a: Node, b: Node) -> Result<Node, TooLarge> {
        self.apply(Op::AndNot, a, b)
    }

    /// It is not true.
    pub fn not(&mut self, a: Node) -> Result<Node, TooLarge> {
        self.apply(Op::AndNot, Node::TRUE, a)
    }

    /// All are true.
    pub fn all(&mut self, parts: impl IntoIterator<Item = Node>) -> Result<Node, TooLarge> {
        parts.into_iter().try_fold(Node::TRUE, |all, part| self.and(all, part))
    }

    /// At least one is true.
    pub fn any(&mut self, parts: impl IntoIterator<Item = Node>) -> Result<Node, TooLarge> {
        parts.into_iter().try_fold(Node::FALSE, |any, part| self.or(any, part))
    }

    /// At least so many are true.
    pub fn at_least(&mut self, count: usize, parts: &[Node]) -> Result<Node, TooLarge> {
        let mut sum = Node::leaf(0);
        for &part in parts {
            sum = self.apply(Op::Add, sum, part)?;
        }
        self.reaches(sum, i32::try_from(count).unwrap_or(i32::MAX >> 1))
    }

    /// Whether the function is at least this number.
    pub fn reaches(&mut self, sum: Node, number: i32) -> Result<Node, TooLarge> {
        self.apply(Op::AtLeast, sum, Node::leaf(number))
    }

    /// The function with a variable set to a value.
    pub fn fix(&mut self, node: Node, level: u32, value: u32) -> Result<Node, TooLarge> {
        let base = self.scratch.len();
        let made = self.set(node, level, value);
        self.scratch.truncate(base);
        made
    }

    /// The function with some variables set.
    pub fn fix_all(&mut self, node: Node, setting: &[(u32, u32)]) -> Result<Node, TooLarge> {
        setting.iter().try_fold(node, |node, &(level, value)| self.fix(node, level, value))
    }

    fn set(&mut self, node: Node, level: u32, value: u32) -> Result<Node, TooLarge> {
        let own = self.level(node);
        if own >= level {
            return Ok(self.child(node, level, value));
        }
        let setting = Node(level << 8 | value);
        if let Some(found) = self.recall(FIX, node, setting) {
            return Ok(found);
        }
        let base = self.scratch.len();
        for own_value in 0..self.domains[own as usize] {
            let child = self.set(self.child(node, own, own_value), level, value)?;
            self.scratch.push(child);
        }
        let made = self.make(own, base)?;
        self.scratch.truncate(base);
        self.remember(FIX, node, setting, made);
        Ok(made)
    }

    fn combine(&mut self, op: Op, a: Node, b: Node) -> Result<Node, TooLarge> {
        if let Some(settled) = op.settled(a, b) {
            return Ok(settled);
        }
        let (a, b) = if op.commutes() && b < a { (b, a) } else { (a, b) };
        if let Some(found) = self.recall(op as u32, a, b) {
            return Ok(found);
        }
        let level = self.level(a).min(self.level(b));
        let base = self.scratch.len();
        for value in 0..self.domains[level as usize] {
            let (x, y) = (self.child(a, level, value), self.child(b, level, value));
            let child = self.combine(op, x, y)?;
            self.scratch.push(child);
        }
        let made = self.make(level, base)?;
        self.scratch.truncate(base);
        self.remember(op as u32, a, b, made);
        Ok(made)
    }

    /// The node whose children stand in the scratch from `base` on.
    fn make(&mut self, level: u32, base: usize) -> Result<Node, TooLarge> {
        self.spend(1)?;
        let children = &self.scratch[base..];
        if children.iter().all(|child| *child == children[0]) {
            return Ok(children[0]);
        }
        let hash = hash_of(level, children);
        let mut slot = first_slot(hash, self.unique.len());
        loop {
            let [own, found] = self.unique[slot];
            if found == EMPTY {
                break;
            }
            if own == hash && self.is_node(Node(found), level, children) {
                return Ok(Node(found));
            }
            slot = (slot + 1) & (self.unique.len() - 1);
        }
        if self.heads.len() >= self.limit {
            return Err(TooLarge);
        }
        let made = narrow(self.heads.len());
        self.unique[slot] = [hash, made];
        self.heads.push(Head { level, start: narrow(self.children.len()) });
        self.children.extend_from_slice(&self.scratch[base..]);
        if self.heads.len() * 4 > self.unique.len() * 3 {
            self.grow();
        }
        Ok(Node(made))
    }

    fn is_node(&self, node: Node, level: u32, children: &[Node]) -> bool {
        self.level(node) == level && self.children_of(node) == children
    }

    /// Twice the room; the cache grows along, as one too small makes the same work again.
    fn grow(&mut self) {
        let room = self.unique.len() * 2;
        let old = std::mem::replace(&mut self.unique, vec![[EMPTY; 2]; room]);
        for [hash, node] in old.into_iter().filter(|[_, node]| *node != EMPTY) {
            let mut slot = first_slot(hash, room);
            while self.unique[slot][1] != EMPTY {
                slot = (slot + 1) & (room - 1);
            }
            self.unique[slot] = [hash, node];
        }
        let old = std::mem::replace(&mut self.cache, vec![[EMPTY; 4]; room]);
        for entry in old {
            let slot = spread(key(entry[0], entry[1], entry[2]), room);
            self.cache[slot] = entry;
        }
    }

    /// A result remembered earlier.
    pub fn recall(&self, code: u32, a: Node, b: Node) -> Option<Node> {
        let entry = &self.cache[spread(key(code, a.0, b.0), self.cache.len())];
        (entry[..3] == [code, a.0, b.0]).then_some(Node(entry[3]))
    }

    /// Remembers a result, in place of another one if need be.
    pub fn remember(&mut self, code: u32, a: Node, b: Node, result: Node) {
        let slot = spread(key(code, a.0, b.0), self.cache.len());
        self.cache[slot] = [code, a.0, b.0, result.0];
    }

    fn children_of(&self, node: Node) -> &[Node] {
        let Head { level, start } = self.heads[node.index()];
        let end = start + self.domains[level as usize];
        &self.children[start as usize..end as usize]
    }
}

impl Op {
    fn settled(self, a: Node, b: Node) -> Option<Node> {
        const FALSE: Node = Node::FALSE;
        const TRUE: Node = Node::TRUE;
        match self {
            Self::And if a == FALSE || b == FALSE => Some(FALSE),
            Self::And if a == TRUE || a == b => Some(b),
            Self::And if b == TRUE => Some(a),
            Self::Or if a == TRUE || b == TRUE => Some(TRUE),
            Self::Or if a == FALSE || a == b => Some(b),
            Self::AndNot if a == FALSE || b == TRUE || a == b => Some(FALSE),
            Self::Or | Self::AndNot if b == FALSE => Some(a),
            Self::AndNot if a == TRUE && b.number().is_some() => Some(TRUE),
            Self::Add if a == FALSE => Some(b),
            Self::Add if b == FALSE => Some(a),
            Self::Add => Some(Node::leaf(a.number()? + b.number()?)),
            Self::Times => Some(Node::leaf(a.number()? * b.number()?)),
            Self::AtLeast => Some(Node::of(a.number()? >= b.number()?)),
            Self::And | Self::Or | Self::AndNot => None,
        }
    }

    fn commutes(self) -> bool {
        matches!(self, Self::And | Self::Or | Self::Add)
    }
}

fn key(code: u32, a: u32, b: u32) -> u64 {
    mix(mix(u64::from(code), u64::from(a)), u64::from(b))
}

fn mix(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95)
}

fn hash_of(level: u32, children: &[Node]) -> u32 {
    let hash = children.iter().fold(u64::from(level), |hash, child| mix(hash, u64::from(child.0)));
    let mixed = (hash ^ hash >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    narrow(usize::try_from(mixed >> 32).unwrap_or(0))
}

/// The slot of a hash in a table whose size is a power of two.
fn first_slot(hash: u32, room: usize) -> usize {
    hash as usize & (room - 1)
}

/// A slot of a table whose size is a power of two.
fn spread(hash: u64, room: usize) -> usize {
    let mixed = (hash ^ hash >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(mixed >> 32).unwrap_or(0) & (room - 1)
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use ethnum::U256;

    use super::*;

    const DOMAINS: [u32; 4] = [3, 2, 4, 2];

    fn ways() -> impl Iterator<Item = [u32; 4]> {
        (0..48).map(|n| [n % 3, n / 3 % 2, n / 6 % 4, n / 24])
    }

    fn value(diagram: &Diagram, mut node: Node, way: [u32; 4]) -> i32 {
        while node.number().is_none() {
            let level = diagram.level(node);
            node = diagram.child(node, level, way[level as usize]);
        }
        node.number().expect("a leaf was reached")
    }

    /// Every function of one variable, as 0/1, so that all operations meet all shapes.
    fn some(diagram: &mut Diagram) -> Vec<Node> {
        let mut found = vec![Node::FALSE, Node::TRUE];
        for (level, domain) in (0..).zip(DOMAINS) {
            for bits in 1..(1_u32 << domain) - 1 {
                let node = diagram.select(level, |value| Node::of(bits >> value & 1 == 1));
                found.push(node.expect("small"));
            }
        }
        found
    }

    #[test]
    fn operations_agree_with_arithmetic_on_every_way() {
        let mut diagram = Diagram::new(DOMAINS.to_vec(), 100_000);
        let simple = some(&mut diagram);
        let mut pairs = Vec::new();
        for (&a, &b) in simple.iter().zip(simple.iter().rev()) {
            let both = diagram.and(a, b).expect("small");
            let either = diagram.or(a, b).expect("small");
            let difference = diagram.and_not(a, b).expect("small");
            let sum = diagram.apply(Op::Add, either, a).expect("small");
            let weighed = diagram.apply(Op::Times, sum, Node::leaf(-3)).expect("small");
            let enough = diagram.reaches(weighed, -3).expect("small");
            for way in ways() {
                let (x, y) = (value(&diagram, a, way), value(&diagram, b, way));
                assert_eq!(value(&diagram, both, way), x & y);
                assert_eq!(value(&diagram, either, way), x | y);
                assert_eq!(value(&diagram, difference, way), x & (1 - y));
                assert_eq!(value(&diagram, weighed, way), -3 * ((x | y) + x));
                assert_eq!(value(&diagram, enough, way), i32::from((x | y) + x <= 1));
            }
            pairs.push(either);
        }
        for node in pairs {
            let holds: Vec<[u32; 4]> =
                ways().filter(|&way| value(&diagram, node, way) == 1).collect();
            let cost = |way: [u32; 4]| way.iter().map(|&value| value.min(1)).sum::<u32>();
            let fewest = holds.iter().copied().map(cost).min().unwrap_or(u32::MAX);
            let number = U256::try_from(holds.len()).expect("a small number");
            assert_eq!(diagram.count(node), Some(number));
            assert_eq!(diagram.cheapest(node), fewest);
            let gain = |_, value: u32| i64::from(value.min(1));
            let least = diagram.extreme(node, false, gain);
            assert_eq!(least, (fewest != u32::MAX).then_some(i64::from(fewest)));
        }
    }

    #[test]
    fn equal_functions_are_one_node_and_a_fixed_variable_is_not_read() {
        let mut diagram = Diagram::new(DOMAINS.to_vec(), 100_000);
        let simple = some(&mut diagram);
        let (a, b) = (simple[3], simple[simple.len() - 1]);
        let not_a = diagram.not(a).expect("small");
        let not_b = diagram.not(b).expect("small");
        let either = diagram.or(not_a, not_b).expect("small");
        let both = diagram.and(a, b).expect("small");
        assert_eq!(diagram.not(either), Ok(both));
        for value in 0..3 {
            let fixed = diagram.fix(both, 0, value).expect("small");
            assert!(fixed == b || fixed == Node::FALSE);
        }
        assert_eq!(Node::leaf(-7).number(), Some(-7));
    }

    #[test]
    fn past_the_bound_nothing_is_said() {
        let mut diagram = Diagram::new(vec![2; 40], 50);
        let odd = (0..40).try_fold(Node::FALSE, |odd, level| {
            let bit = diagram.select(level, |value| Node::of(value == 1))?;
            let (left, right) = (diagram.and_not(odd, bit)?, diagram.and_not(bit, odd)?);
            diagram.or(left, right)
        });
        assert_eq!(odd, Err(TooLarge));
    }
}
