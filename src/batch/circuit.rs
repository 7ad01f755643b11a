//! Gates over lanes of bits: one bit a row, 256 rows at a step.
//!
//! A rule set is the same for every row, so its conditions become gates once, and each gate then
//! works for all rows of a block together. There is no branch a row could take differently, and
//! the cost of walking the gates is shared by 256 rows.

#![expect(
    clippy::inline_always,
    reason = "what is not part of the code for a kind of processor is not compiled for it"
)]

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, u64x4};
use rustc_hash::FxHashMap;

/// How many rows a block holds.
pub(super) const ROWS: usize = 256;

/// One bit for each row of a block.
pub(super) type Lane = [u64; ROWS / 64];

/// The inputs of the rows of a block, those of 64 rows side by side, so that all that is marked for
/// one row stands near; the first is the constant.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    bits: Vec<u64>,
    inputs: usize,
}

impl Marks {
    /// Takes back all marks; there are so many inputs then, the constant counted.
    pub(super) fn clear(&mut self, inputs: usize) {
        self.inputs = inputs;
        self.bits.clear();
        self.bits.resize(inputs * (ROWS / 64), 0);
    }

    /// The inputs of a row and 63 others, and its bit in them.
    #[inline(always)]
    pub(super) fn of(&mut self, row: usize) -> (&mut [u64], u64) {
        let first = row / 64 * self.inputs;
        (&mut self.bits[first..first + self.inputs], 1 << (row % 64))
    }

    /// Takes back the marks of a row.
    pub(super) fn unmark(&mut self, row: usize) {
        let (inputs, bit) = self.of(row);
        inputs.iter_mut().for_each(|input| *input &= !bit);
    }

    /// Puts each input into its lane.
    #[inline(always)]
    fn spread(&self, lanes: &mut [Lane]) {
        let mut rest = self.bits.as_slice();
        let parts = [(); ROWS / 64].map(|()| {
            let (part, others) = rest.split_at(self.inputs);
            rest = others;
            part
        });
        for (input, lane) in lanes[..self.inputs].iter_mut().enumerate() {
            *lane = parts.map(|part| part[input]);
        }
    }
}

/// The value of a gate or an input, or its opposite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Wire(u32);

/// Never.
pub(super) const FALSE: Wire = Wire(0);
/// Always.
pub(super) const TRUE: Wire = Wire(1);

impl Wire {
    fn node(self) -> usize {
        (self.0 >> 1) as usize
    }

    /// All bits set where the wire is the opposite of its node.
    fn flip(self) -> u64 {
        0_u64.wrapping_sub(u64::from(self.0 & 1))
    }
}

impl std::ops::Not for Wire {
    type Output = Self;

    fn not(self) -> Self {
        Self(self.0 ^ 1)
    }
}

/// A conjunction of two wires, or, where `differ` has all bits set, whether they differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Gate {
    left: Wire,
    right: Wire,
    differ: u64,
}

/// What a gate of a circuit does with its two lanes. None has to be turned into its opposite: where
/// that is wanted, the gate is one of another kind, or its own opposite is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    And,
    /// The right one and not the left.
    AndNot,
    Or,
    Xor,
}

impl Kind {
    const ALL: [Self; 4] = [Self::And, Self::AndNot, Self::Or, Self::Xor];
}

/// A gate: its lanes, and the one that it makes.
#[derive(Clone, Copy, Debug)]
struct Step {
    left: u32,
    right: u32,
    made: u32,
}

/// Gates in an order in which each reads only what was made before it.
#[derive(Clone, Debug)]
pub(super) struct Circuit {
    /// How many inputs there are, the constant counted as the first.
    inputs: usize,
    /// How many lanes are needed; those that nothing reads any more are used again.
    lanes: usize,
    steps: Vec<Step>,
    /// How many of the steps in turn are of one kind.
    runs: Vec<(Kind, usize)>,
    level: Level,
}

impl Circuit {
    /// How many lanes a block needs: a power of two, so that no index has to be compared.
    pub(super) fn lanes(&self) -> usize {
        self.lanes.next_power_of_two()
    }

    /// How many of the lanes are inputs, the constant counted; they stand first.
    pub(super) fn inputs(&self) -> usize {
        self.inputs
    }

    /// Works out every gate from the inputs, and turns the outputs, a bit for each row, into rows, a
    /// bit for each output.
    pub(super) fn settle(
        &self,
        marks: &Marks,
        lanes: &mut [Lane],
        outputs: &[Wire],
        rows: usize,
        packed: &mut Vec<u64>,
    ) {
        // Gates are the same code for each kind of processor: the compiler makes of it what each
        // can do. What turns squares it would make worse.
        dispatch!(self.level, simd => {
            marks.spread(lanes);
            self.work_out(lanes);
            pack(simd, lanes, outputs, rows, packed);
        });
    }

    /// For how many of some rows a wire holds, once it was worked out.
    pub(super) fn count(lanes: &[Lane], wire: Wire, rows: &Lane) -> u64 {
        let parts = lanes[wire.node()].iter().zip(rows);
        parts.map(|(part, rows)| u64::from(((part ^ wire.flip()) & rows).count_ones())).sum()
    }

    #[inline(always)]
    fn work_out(&self, lanes: &mut [Lane]) {
        let mut steps = self.steps.as_slice();
        for &(kind, length) in &self.runs {
            let (run, others) = steps.split_at(length);
            steps = others;
            // A branch on the kind of each gate could not be foretold.
            match kind {
                Kind::And => work_out_run(run, lanes, |left, right| left & right),
                Kind::AndNot => work_out_run(run, lanes, |left, right| !left & right),
                Kind::Or => work_out_run(run, lanes, |left, right| left | right),
                Kind::Xor => work_out_run(run, lanes, |left, right| left ^ right),
            }
        }
    }
}

#[inline(always)]
fn work_out_run(run: &[Step], lanes: &mut [Lane], gate: impl Fn(u64, u64) -> u64) {
    let Some(last) = lanes.len().checked_sub(1) else { return };
    for step in run {
        let (left, right) = (lanes[step.left as usize & last], lanes[step.right as usize & last]);
        let mut made = Lane::default();
        for ((to, left), right) in made.iter_mut().zip(left).zip(right) {
            *to = gate(left, right);
        }
        lanes[step.made as usize & last] = made;
    }
}

#[inline(always)]
fn pack<S: Simd>(simd: S, lanes: &[Lane], outputs: &[Wire], rows: usize, packed: &mut Vec<u64>) {
    let words = outputs.len().div_ceil(64);
    packed.resize(words * ROWS, 0);
    for (word, wires) in outputs.chunks(64).enumerate() {
        let mut squares = [Lane::default(); 64];
        for (bits, &wire) in squares.iter_mut().zip(wires) {
            let lane = u64x4::from_slice(simd, &lanes[wire.node()]);
            *bits = (lane ^ u64x4::splat(simd, wire.flip())).into();
        }
        transpose(simd, &mut squares);
        for part in 0..rows.div_ceil(64) {
            let rows = packed[part * 64 * words..].chunks_exact_mut(words);
            rows.zip(&squares).for_each(|(row, bits)| row[word] = bits[part]);
        }
    }
}

/// Builds a circuit; equal gates are built once.
#[derive(Debug)]
pub(super) struct Builder {
    inputs: usize,
    gates: Vec<Gate>,
    known: FxHashMap<Gate, Wire>,
}

impl Builder {
    /// Begins with so many inputs.
    pub(super) fn new(inputs: usize) -> Self {
        Self { inputs: inputs + 1, gates: Vec::new(), known: FxHashMap::default() }
    }

    /// The wire of an input.
    pub(super) fn input(input: usize) -> Wire {
        Wire(u32::try_from(input + 1).unwrap_or(0) << 1)
    }

    /// The lane of an input.
    pub(super) fn lane_of(input: usize) -> usize {
        input + 1
    }

    fn gate(&mut self, gate: Gate) -> Wire {
        let next = Wire(u32::try_from(self.inputs + self.gates.len()).unwrap_or(0) << 1);
        *self.known.entry(gate).or_insert_with(|| {
            self.gates.push(gate);
            next
        })
    }

    /// Both hold.
    pub(super) fn and(&mut self, a: Wire, b: Wire) -> Wire {
        let (left, right) = if a < b { (a, b) } else { (b, a) };
        match (left, right) {
            (FALSE, _) => FALSE,
            (TRUE, other) => other,
            _ if left == right => left,
            _ if left == !right => FALSE,
            _ => self.gate(Gate { left, right, differ: 0 }),
        }
    }

    /// At least one holds.
    pub(super) fn or(&mut self, a: Wire, b: Wire) -> Wire {
        !self.and(!a, !b)
    }

    /// One holds and the other does not.
    pub(super) fn xor(&mut self, a: Wire, b: Wire) -> Wire {
        let (left, right) = if a < b { (a, b) } else { (b, a) };
        match (left, right) {
            (FALSE, other) => other,
            (TRUE, other) => !other,
            _ if left == right => FALSE,
            _ if left == !right => TRUE,
            _ => self.gate(Gate { left, right, differ: u64::MAX }),
        }
    }

    /// All hold.
    pub(super) fn all(&mut self, wires: impl IntoIterator<Item = Wire>) -> Wire {
        wires.into_iter().fold(TRUE, |all, wire| self.and(all, wire))
    }

    /// At least one holds.
    pub(super) fn any(&mut self, wires: impl IntoIterator<Item = Wire>) -> Wire {
        wires.into_iter().fold(FALSE, |any, wire| self.or(any, wire))
    }

    /// The sum of weighted wires, lowest bit first.
    pub(super) fn sum(&mut self, weighted: &[(Wire, u64)]) -> Vec<Wire> {
        let mut columns: Vec<Vec<Wire>> = vec![Vec::new(); 64];
        for &(wire, weight) in weighted {
            for (bit, column) in columns.iter_mut().enumerate() {
                if weight >> bit & 1 == 1 {
                    column.push(wire);
                }
            }
        }
        let mut bits = Vec::new();
        let mut carried = Vec::new();
        for column in columns {
            let mut column: Vec<Wire> = column.into_iter().chain(carried.drain(..)).collect();
            // Three of a column become one that stays and one that is carried.
            while column.len() > 1 {
                let (a, b) = (column.remove(0), column.remove(0));
                let c = if column.is_empty() { FALSE } else { column.remove(0) };
                let half = self.xor(a, b);
                let (stays, two, three) = (self.xor(half, c), self.and(a, b), self.and(half, c));
                column.push(stays);
                carried.push(self.or(two, three));
            }
            bits.push(column.pop().unwrap_or(FALSE));
        }
        while bits.last() == Some(&FALSE) {
            bits.pop();
        }
        bits
    }

    /// Whether one sum is at least another.
    pub(super) fn at_least(&mut self, a: &[Wire], b: &[Wire]) -> Wire {
        let mut so_far = TRUE;
        for bit in 0..a.len().max(b.len()) {
            let (a, b) =
                (a.get(bit).copied().unwrap_or(FALSE), b.get(bit).copied().unwrap_or(FALSE));
            // The highest bit in which they differ decides, so it is looked at last.
            let (more, differ) = (self.and(a, !b), self.xor(a, b));
            let same = self.and(!differ, so_far);
            so_far = self.or(more, same);
        }
        so_far
    }

    /// Whether a sum is this number.
    pub(super) fn equals(&mut self, sum: &[Wire], number: u64) -> Wire {
        if number.checked_shr(u32::try_from(sum.len()).unwrap_or(64)).unwrap_or(0) > 0 {
            return FALSE;
        }
        // The highest bits first: those of numbers side by side are the same gates.
        let bits = sum.iter().enumerate().rev();
        let bits = bits.map(|(bit, &wire)| if number >> bit & 1 == 1 { wire } else { !wire });
        self.all(bits.collect::<Vec<_>>())
    }

    /// A number that is the same for every row.
    pub(super) fn number(number: u64) -> Vec<Wire> {
        (0..64 - number.leading_zeros())
            .map(|bit| if number >> bit & 1 == 1 { TRUE } else { FALSE })
            .collect()
    }

    /// Whether at least so many hold.
    pub(super) fn at_least_of(&mut self, count: usize, wires: &[Wire]) -> Wire {
        let weighted: Vec<(Wire, u64)> = wires.iter().map(|&wire| (wire, 1)).collect();
        let sum = self.sum(&weighted);
        self.at_least(&sum, &Self::number(count as u64))
    }

    /// The circuit of all gates that these wires need, and the wires in it.
    pub(super) fn finish(self, outputs: &[Wire]) -> (Circuit, Vec<Wire>) {
        let mut needed = vec![false; self.inputs + self.gates.len()];
        for wire in outputs {
            needed[wire.node()] = true;
        }
        for (place, gate) in self.gates.iter().enumerate().rev() {
            if needed[self.inputs + place] {
                needed[gate.left.node()] = true;
                needed[gate.right.node()] = true;
            }
        }
        let mut moved: Vec<Wire> = Vec::with_capacity(needed.len());
        moved.extend((0..self.inputs).map(|node| Wire(u32::try_from(node).unwrap_or(0) << 1)));
        let place = |moved: &[Wire], wire: Wire| Wire(moved[wire.node()].0 | wire.0 & 1);
        let mut gates = Vec::new();
        for (gate, node) in self.gates.iter().zip(self.inputs..) {
            moved.push(Wire(u32::try_from(self.inputs + gates.len()).unwrap_or(0) << 1));
            if needed[node] {
                let (left, right) = (place(&moved, gate.left), place(&moved, gate.right));
                gates.push(Gate { left, right, ..*gate });
            }
        }
        let outputs: Vec<Wire> = outputs.iter().map(|&wire| place(&moved, wire)).collect();
        Scheduler::new(self.inputs, &gates, &outputs).run(&outputs)
    }
}

/// Puts gates into an order with long runs of one kind, and their values into few lanes.
struct Scheduler {
    inputs: usize,
    /// Each gate as the kind and the lanes of its nodes.
    gates: Vec<(Kind, [usize; 2])>,
    /// Whether the opposite of a node is what is kept of it.
    opposite: Vec<bool>,
    /// The gates that read a node.
    readers: Vec<Vec<usize>>,
    /// How many gates, or the circuit itself, still read a node.
    wanted: Vec<usize>,
}

impl Scheduler {
    fn new(inputs: usize, gates: &[Gate], outputs: &[Wire]) -> Self {
        let nodes = inputs + gates.len();
        let mut readers = vec![Vec::new(); nodes];
        let mut wanted = vec![0; nodes];
        let mut opposite = vec![false; inputs];
        let mut made = Vec::new();
        for (place, gate) in gates.iter().enumerate() {
            let (mut left, mut right) = (gate.left.node(), gate.right.node());
            let turned = |wire: Wire| (wire.0 & 1 == 1) != opposite[wire.node()];
            let (kind, is_opposite) =
                match (gate.differ != 0, turned(gate.left), turned(gate.right)) {
                    (true, left, right) => (Kind::Xor, left != right),
                    (false, false, false) => (Kind::And, false),
                    (false, true, false) => (Kind::AndNot, false),
                    (false, false, true) => {
                        std::mem::swap(&mut left, &mut right);
                        (Kind::AndNot, false)
                    }
                    // Neither is the opposite of either.
                    (false, true, true) => (Kind::Or, true),
                };
            opposite.push(is_opposite);
            for node in [left, right] {
                readers[node].push(place);
                wanted[node] += 1;
            }
            made.push((kind, [left, right]));
        }
        for wire in outputs {
            wanted[wire.node()] += 1;
        }
        Self { inputs, gates: made, opposite, readers, wanted }
    }

    fn run(mut self, outputs: &[Wire]) -> (Circuit, Vec<Wire>) {
        let mut missing = vec![0; self.gates.len()];
        for (nodes, missing) in self.gates.iter().map(|(_, nodes)| nodes).zip(&mut missing) {
            *missing = nodes.iter().filter(|&&node| node >= self.inputs).count();
        }
        let mut ready = Kind::ALL.map(|_| Vec::new());
        for (gate, (kind, _)) in self.gates.iter().enumerate().rev() {
            if missing[gate] == 0 {
                ready[*kind as usize].push(gate);
            }
        }
        let (mut lane_of, mut free): (Vec<usize>, Vec<usize>) =
            ((0..self.inputs).collect(), Vec::new());
        lane_of.resize(self.opposite.len(), 0);
        let mut lanes = self.inputs;
        let (mut steps, mut runs) = (Vec::new(), Vec::new());
        let number = |lane: usize| u32::try_from(lane).unwrap_or(0);
        // Whatever kind has most gates that could be next, until it has none.
        while let Some(kind) = Kind::ALL
            .into_iter()
            .filter(|kind| !ready[*kind as usize].is_empty())
            .max_by_key(|kind| ready[*kind as usize].len())
        {
            let before = steps.len();
            while let Some(gate) = ready[kind as usize].pop() {
                let [left, right] = self.gates[gate].1;
                let (from, to) = (lane_of[left], lane_of[right]);
                for node in [left, right] {
                    self.wanted[node] -= 1;
                    if self.wanted[node] == 0 && node >= self.inputs {
                        free.push(lane_of[node]);
                    }
                }
                let made = free.pop().unwrap_or_else(|| {
                    lanes += 1;
                    lanes - 1
                });
                lane_of[self.inputs + gate] = made;
                steps.push(Step { left: number(from), right: number(to), made: number(made) });
                for &reader in &self.readers[self.inputs + gate] {
                    missing[reader] -= 1;
                    if missing[reader] == 0 {
                        ready[self.gates[reader].0 as usize].push(reader);
                    }
                }
            }
            runs.push((kind, steps.len() - before));
        }
        let outputs = outputs.iter().map(|wire| {
            let flip = wire.0 & 1 ^ u32::from(self.opposite[wire.node()]);
            Wire(number(lane_of[wire.node()]) << 1 | flip)
        });
        let outputs = outputs.collect();
        let circuit = Circuit { inputs: self.inputs, lanes, steps, runs, level: Level::new() };
        (circuit, outputs)
    }
}

/// Turns squares of bits side by side over their diagonals: in each part bit `c` of word `r` becomes
/// bit `r` of word `c`.
#[inline(always)]
fn transpose<S: Simd>(simd: S, squares: &mut [Lane; 64]) {
    swap::<S, 32>(simd, squares, 0x0000_0000_ffff_ffff);
    swap::<S, 16>(simd, squares, 0x0000_ffff_0000_ffff);
    swap::<S, 8>(simd, squares, 0x00ff_00ff_00ff_00ff);
    swap::<S, 4>(simd, squares, 0x0f0f_0f0f_0f0f_0f0f);
    swap::<S, 2>(simd, squares, 0x3333_3333_3333_3333);
    swap::<S, 1>(simd, squares, 0x5555_5555_5555_5555);
}

/// Swaps two of the quarters of each part of the squares.
#[inline(always)]
fn swap<S: Simd, const WIDTH: u32>(simd: S, squares: &mut [Lane; 64], mask: u64) {
    let mask = u64x4::splat(simd, mask);
    for pair in squares.chunks_exact_mut(2 * WIDTH as usize) {
        let (upper, lower) = pair.split_at_mut(WIDTH as usize);
        for (upper, lower) in upper.iter_mut().zip(lower) {
            let (up, low) = (u64x4::from_slice(simd, upper), u64x4::from_slice(simd, lower));
            let swapped = ((up >> WIDTH) ^ low) & mask;
            *upper = (up ^ (swapped << WIDTH)).into();
            *lower = (low ^ swapped).into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The value of a wire for every way to set a few inputs.
    fn table(inputs: usize, build: impl FnOnce(&mut Builder, &[Wire]) -> Vec<Wire>) -> Vec<u64> {
        let mut builder = Builder::new(inputs);
        let wires: Vec<Wire> = (0..inputs).map(Builder::input).collect();
        let outputs = build(&mut builder, &wires);
        let (circuit, outputs) = builder.finish(&outputs);
        let mut lanes = vec![Lane::default(); circuit.lanes()];
        let mut marks = Marks::default();
        marks.clear(circuit.inputs());
        for row in 0..1 << inputs {
            let (marks, bit) = marks.of(row);
            for input in (0..inputs).filter(|input| row >> input & 1 == 1) {
                marks[Builder::lane_of(input)] |= bit;
            }
        }
        let mut packed = Vec::new();
        circuit.settle(&marks, &mut lanes, &outputs, 1 << inputs, &mut packed);
        packed.truncate(1 << inputs);
        packed
    }

    #[test]
    fn sums_and_comparisons_are_those_of_numbers() {
        let weights = [3, 1, 5, 2, 2, 7, 1];
        let sum = |row: usize, from: usize, to: usize| -> u64 {
            (from..to).map(|i| if row >> i & 1 == 1 { weights[i] } else { 0 }).sum()
        };
        let weigh = |builder: &mut Builder, wires: &[Wire], from: usize, to: usize| {
            let weighted: Vec<_> = (from..to).map(|i| (wires[i], weights[i])).collect();
            builder.sum(&weighted)
        };
        let sums = table(7, |builder, wires| weigh(builder, wires, 0, 7));
        let more = table(7, |builder, wires| {
            let (a, b) = (weigh(builder, wires, 0, 3), weigh(builder, wires, 3, 7));
            vec![builder.at_least(&a, &b)]
        });
        let three = table(7, |builder, wires| vec![builder.at_least_of(3, wires)]);
        let each = table(7, |builder, wires| {
            let sum = weigh(builder, wires, 0, 7);
            (0..23).map(|number| builder.equals(&sum, number)).collect()
        });
        for row in 0..128 {
            assert_eq!(sums[row], sum(row, 0, 7), "{row:b}");
            assert_eq!(more[row] == 1, sum(row, 0, 3) >= sum(row, 3, 7), "{row:b}");
            assert_eq!(each[row], 1 << sum(row, 0, 7), "{row:b}");
            assert_eq!(three[row] == 1, row.count_ones() >= 3, "{row:b}");
        }
    }

    #[test]
    fn squares_are_turned_over_their_diagonals() {
        let bit = |part: usize, r: usize, c: usize| {
            (r * 7 + c * 13 + r * c + part * (r + 1)).is_multiple_of(3)
        };
        let mut squares = [Lane::default(); 64];
        for (r, words) in squares.iter_mut().enumerate() {
            for (part, word) in words.iter_mut().enumerate() {
                *word = (0..64).filter(|&c| bit(part, r, c)).fold(0, |word, c| word | 1 << c);
            }
        }
        dispatch!(Level::new(), simd => transpose(simd, &mut squares));
        for (c, words) in squares.iter().enumerate() {
            for (part, word) in words.iter().enumerate() {
                for r in 0..64 {
                    assert_eq!(word >> r & 1 == 1, bit(part, r, c), "{part} {r} {c}");
                }
            }
        }
    }
}
