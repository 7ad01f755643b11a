//! What could still come of answers: some way to complete them, or some way they could be meant.

use super::space::{Block, Space};
use crate::condition::UNSURE;
use crate::diagram::{Diagram, Node, OWN_CODES, Op, TooLarge};

/// Which answers may differ from those given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freedom {
    /// What is not answered may come to be answered in any way.
    Completed,
    /// What is not answered, or "not sure", may be any definite answer; questions that are then
    /// not asked any more lose their answers.
    Meant,
}

/// Where some way to complete, or to mean, the answers makes a function of interviews true.
///
/// The function must be false outside the shape of answers.
pub fn possible(
    diagram: &mut Diagram,
    space: &Space,
    node: Node,
    freedom: Freedom,
) -> Result<Node, TooLarge> {
    let code = match freedom {
        Freedom::Completed => OWN_CODES,
        Freedom::Meant => OWN_CODES + 1,
    };
    let blocks: Vec<&Block> = space.blocks.iter().flatten().collect();
    Possible { blocks, freedom, code }.question(diagram, node)
}

struct Possible<'a> {
    blocks: Vec<&'a Block>,
    freedom: Freedom,
    code: u32,
}

impl Possible<'_> {
    /// One question: its first variable, then its ticks, then what is read below.
    fn question(&self, diagram: &mut Diagram, node: Node) -> Result<Node, TooLarge> {
        if node.number().is_some() {
            return Ok(node);
        }
        if let Some(found) = diagram.recall(self.code, node, Node::TRUE) {
            return Ok(found);
        }
        let level = diagram.level(node);
        let Some(block) =
            self.blocks.iter().find(|block| (block.first..block.end()).contains(&level))
        else {
            return Ok(node);
        };
        let values: Vec<Node> =
            (0..diagram.domain(block.first)).map(|v| diagram.child(node, block.first, v)).collect();
        let forgotten: Vec<Node> = values
            .iter()
            .map(|&value| {
                let below = forget(diagram, value, block.end())?;
                self.question(diagram, below)
            })
            .collect::<Result<_, _>>()?;
        let unsure = block.value_of(UNSURE).map_or(usize::MAX, |value| value as usize);
        let definite = (1..values.len()).filter(|&value| value != unsure);
        let any_definite = diagram.any(definite.map(|value| forgotten[value]))?;
        let mut reached = Vec::new();
        for (value, &own) in values.iter().enumerate() {
            let meant = self.freedom == Freedom::Meant;
            reached.push(if value == 0 {
                let rest = if meant {
                    Node::FALSE
                } else {
                    *forgotten.get(unsure).unwrap_or(&Node::FALSE)
                };
                let any = diagram.or(any_definite, rest)?;
                diagram.or(any, forgotten[0])?
            } else if meant && value == unsure {
                diagram.or(any_definite, forgotten[0])?
            } else {
                let kept = self.ticks(diagram, own, block.end())?;
                if meant { diagram.or(kept, forgotten[0])? } else { kept }
            });
        }
        // Values read no variable above their ticks, so they can be put side by side.
        let mut made = Node::FALSE;
        for (value, &function) in (0_u32..).zip(&reached) {
            let here = diagram.select(block.first, |own| Node::of(own == value))?;
            let part = diagram.apply(Op::And, here, function)?;
            made = diagram.or(made, part)?;
        }
        diagram.remember(self.code, node, Node::TRUE, made);
        Ok(made)
    }

    /// Keeps the ticks and goes on below them.
    fn ticks(&self, diagram: &mut Diagram, node: Node, end: u32) -> Result<Node, TooLarge> {
        let level = diagram.level(node);
        if level >= end {
            return self.question(diagram, node);
        }
        let mut children = Vec::new();
        for value in 0..diagram.domain(level) {
            children.push(self.ticks(diagram, diagram.child(node, level, value), end)?);
        }
        diagram.select(level, |value| children[value as usize])
    }
}

/// Some setting of the variables before `end` makes it true.
fn forget(diagram: &mut Diagram, node: Node, end: u32) -> Result<Node, TooLarge> {
    let level = diagram.level(node);
    if level >= end {
        return Ok(node);
    }
    let mut any = Node::FALSE;
    for value in 0..diagram.domain(level) {
        let child = forget(diagram, diagram.child(node, level, value), end)?;
        any = diagram.or(any, child)?;
    }
    Ok(any)
}
