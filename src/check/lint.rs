//! What there is to say of a code that a fault can have.

/// What a code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lint {
    /// The code.
    pub code: &'static str,
    /// Who finds it.
    pub found: FoundBy,
    /// What the fault is.
    pub summary: &'static str,
    /// Why it is bad.
    pub why: &'static str,
    /// What it looks like.
    pub example: &'static str,
}

/// Who finds a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundBy {
    /// Reading a file; nothing goes on without it.
    Load,
    /// Looking at a rule set that loads.
    Lint,
    /// Proving what holds for every way to answer.
    Proof,
    /// Running the cases.
    Case,
    /// Holding a translation against its rule set.
    Translation,
}

impl Lint {
    /// What `--explain` prints.
    pub fn explain(&self) -> String {
        let Self { code, summary, why, example, .. } = self;
        let summary = crate::prose::capital(summary);
        format!("{code}: {summary}.\n\n{why}\n\nFor example: {example}\n")
    }
}
