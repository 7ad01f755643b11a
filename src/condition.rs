//! Conditions with three values: true, false, unknown (Kleene, *Introduction to Metamathematics*,
//! 1952, §64).
//!
//! A question that was not asked, not answered, or answered "not sure" makes a test of it
//! unknown, unless the test names "not sure" itself. What is missing is never "no" and never zero.
//! A loaded condition is a tree of tests on words of marks; ids are gone by then.

/// The mark of "none of these".
pub const NONE: u64 = 1 << 62;
/// The mark of "not sure".
pub const UNSURE: u64 = 1 << 63;

/// True, false, or not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// It does not hold.
    False,
    /// It cannot be said.
    #[default]
    Unknown,
    /// It holds.
    True,
}

/// A condition over answers, findings and, in suggestions and promises, what follows from them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// All hold.
    All(Vec<Self>),
    /// At least one holds.
    Any(Vec<Self>),
    /// It does not hold.
    Not(Box<Self>),
    /// At least `count` of them hold.
    AtLeast {
        /// How many must hold.
        count: usize,
        /// Of these.
        of: Vec<Self>,
    },
    /// The answer to a question has one of these marks.
    Answer {
        /// The index of the question.
        question: usize,
        /// The marks, [`UNSURE`] among them only if the condition names it.
        marks: u64,
    },
    /// At least so many of these marks are in the answer to an any-of question.
    Marked {
        /// The index of the question.
        question: usize,
        /// The marks of its choices.
        marks: u64,
        /// How many must be marked.
        at_least: u32,
    },
    /// A finding holds.
    Finding(usize),
    /// The points of a treatment or option; only in suggestions.
    Points(PointsTest),
    /// What came out; only in promises.
    Outcome(OutcomeTest),
}

/// A test on points.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PointsTest {
    /// The item whose points are tested.
    pub item: usize,
    /// At least so many.
    pub at_least: Option<i32>,
    /// At most so many.
    pub at_most: Option<i32>,
    /// More than each of these items has.
    pub above: Vec<usize>,
    /// No fewer than each of these items has.
    pub not_below: Vec<usize>,
}

/// A test on an assessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutcomeTest {
    /// The level of care is one of these.
    Care(Vec<Care>),
    /// The suggested treatment is one of these; `None` is "no treatment".
    Suggestion(Vec<Option<usize>>),
    /// One of these items is suggested, offered as an option, or the runner-up.
    Offers(Vec<usize>),
}

/// How soon a professional should be seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Care {
    /// In the ordinary course.
    #[default]
    Routine,
    /// Within days to two weeks.
    Prompt,
    /// Today.
    SameDay,
    /// Now.
    Emergency,
}

impl Care {
    /// From lowest to highest.
    pub const ALL: [Self; 4] = [Self::Routine, Self::Prompt, Self::SameDay, Self::Emergency];

    /// Its id in rule sets and results.
    pub fn id(self) -> &'static str {
        match self {
            Self::Routine => "routine",
            Self::Prompt => "prompt",
            Self::SameDay => "same-day",
            Self::Emergency => "emergency",
        }
    }

    /// The level with this id.
    pub fn find(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|care| care.id() == id)
    }

    /// Whether a treatment may be named at this level: at same-day and emergency none is.
    pub fn names_treatment(self) -> bool {
        self < Self::SameDay
    }
}

/// What conditions are judged on.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The marks of each question; zero where it is not asked or not answered.
    pub marks: &'a [u64],
    /// The findings judged so far.
    pub findings: &'a [Truth],
    /// The points of each item; empty where they are not known yet.
    pub points: &'a [i32],
    /// What came out, where that is known.
    pub outcome: Option<Outcome<'a>>,
}

/// The part of an assessment that a promise can speak of.
#[derive(Clone, Copy, Debug)]
pub struct Outcome<'a> {
    /// The level of care.
    pub care: Care,
    /// The suggested treatment.
    pub suggestion: Option<usize>,
    /// Every item suggested, offered or runner-up.
    pub offers: &'a [usize],
}

impl Truth {
    fn of(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

impl Condition {
    /// Judges the condition.
    ///
    /// A test on points or on the outcome is unknown where the facts do not hold them.
    pub fn truth(&self, facts: &Facts<'_>) -> Truth {
        match self {
            Self::All(parts) => {
                parts.iter().map(|part| part.truth(facts)).min().unwrap_or(Truth::True)
            }
            Self::Any(parts) => {
                parts.iter().map(|part| part.truth(facts)).max().unwrap_or(Truth::False)
            }
            Self::Not(part) => part.truth(facts).not(),
            Self::AtLeast { count, of } => {
                let truths = of.iter().map(|part| part.truth(facts));
                let (mut sure, mut possible) = (0, 0);
                for truth in truths {
                    sure += usize::from(truth == Truth::True);
                    possible += usize::from(truth != Truth::False);
                }
                match (sure >= *count, possible >= *count) {
                    (true, _) => Truth::True,
                    (false, true) => Truth::Unknown,
                    (false, false) => Truth::False,
                }
            }
            Self::Answer { question, marks } => {
                let given = facts.marks[*question];
                if given & marks != 0 {
                    Truth::True
                } else if given == 0 || given & UNSURE != 0 {
                    Truth::Unknown
                } else {
                    Truth::False
                }
            }
            Self::Marked { question, marks, at_least } => {
                let given = facts.marks[*question];
                if given == 0 || given & UNSURE != 0 {
                    Truth::Unknown
                } else {
                    Truth::of((given & marks).count_ones() >= *at_least)
                }
            }
            Self::Finding(finding) => facts.findings[*finding],
            Self::Points(test) => test.truth(facts.points),
            Self::Outcome(test) => match &facts.outcome {
                None => Truth::Unknown,
                Some(outcome) => Truth::of(match test {
                    OutcomeTest::Care(levels) => levels.contains(&outcome.care),
                    OutcomeTest::Suggestion(treatments) => treatments.contains(&outcome.suggestion),
                    OutcomeTest::Offers(items) => {
                        items.iter().any(|item| outcome.offers.contains(item))
                    }
                }),
            },
        }
    }

    /// Calls `visit` on the condition and on every condition within it, outer before inner.
    pub fn visit<'a>(&'a self, visit: &mut impl FnMut(&'a Self)) {
        visit(self);
        match self {
            Self::All(parts) | Self::Any(parts) | Self::AtLeast { of: parts, .. } => {
                for part in parts {
                    part.visit(visit);
                }
            }
            Self::Not(part) => part.visit(visit),
            Self::Answer { .. }
            | Self::Marked { .. }
            | Self::Finding(_)
            | Self::Points(_)
            | Self::Outcome(_) => {}
        }
    }
}

impl PointsTest {
    fn truth(&self, points: &[i32]) -> Truth {
        let Some(&own) = points.get(self.item) else { return Truth::Unknown };
        Truth::of(
            self.at_least.is_none_or(|least| own >= least)
                && self.at_most.is_none_or(|most| own <= most)
                && self.above.iter().all(|&other| own > points[other])
                && self.not_below.iter().all(|&other| own >= points[other]),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUTHS: [Truth; 3] = [Truth::False, Truth::Unknown, Truth::True];

    /// Marks that make a test of mark 1 come out as wanted.
    fn given(truth: Truth) -> u64 {
        match truth {
            Truth::False => 2,
            Truth::Unknown => 0,
            Truth::True => 1,
        }
    }

    fn judge(condition: &Condition, truths: &[Truth]) -> Truth {
        let marks: Vec<u64> = truths.iter().map(|&truth| given(truth)).collect();
        condition.truth(&Facts { marks: &marks, findings: &[], points: &[], outcome: None })
    }

    fn tests(number: usize) -> Vec<Condition> {
        (0..number).map(|question| Condition::Answer { question, marks: 1 }).collect()
    }

    #[test]
    fn the_connectives_are_those_of_kleene() {
        use Truth::{False, True, Unknown};
        let not = Condition::Not(Box::new(tests(1).remove(0)));
        for (a, wanted) in [(False, True), (Unknown, Unknown), (True, False)] {
            assert_eq!(judge(&not, &[a]), wanted);
        }
        let table = [
            (False, False, False, False),
            (False, Unknown, False, Unknown),
            (False, True, False, True),
            (Unknown, Unknown, Unknown, Unknown),
            (Unknown, True, Unknown, True),
            (True, True, True, True),
        ];
        for (a, b, both, either) in table {
            for pair in [[a, b], [b, a]] {
                assert_eq!(judge(&Condition::All(tests(2)), &pair), both, "{pair:?}");
                assert_eq!(judge(&Condition::Any(tests(2)), &pair), either, "{pair:?}");
            }
        }
    }

    /// "At least k of n" must say what every way to settle the unknown ones agrees on.
    #[test]
    fn at_least_is_what_all_completions_agree_on() {
        for count in 0..=4 {
            let condition = Condition::AtLeast { count, of: tests(3) };
            for a in TRUTHS {
                for b in TRUTHS {
                    for c in TRUTHS {
                        let completions: Vec<bool> = (0..8)
                            .filter_map(|bits: u32| {
                                let settled =
                                    [a, b, c].into_iter().enumerate().map(|(i, truth)| {
                                        let bit = bits >> i & 1 == 1;
                                        (bit, truth == Truth::Unknown || truth == Truth::of(bit))
                                    });
                                let settled: Vec<(bool, bool)> = settled.collect();
                                settled.iter().all(|(_, fits)| *fits).then(|| {
                                    settled.iter().filter(|(bit, _)| *bit).count() >= count
                                })
                            })
                            .collect();
                        let wanted =
                            match (completions.contains(&true), completions.contains(&false)) {
                                (true, true) => Truth::Unknown,
                                (holds, _) => Truth::of(holds),
                            };
                        assert_eq!(
                            judge(&condition, &[a, b, c]),
                            wanted,
                            "{count} {a:?}{b:?}{c:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn not_sure_is_unknown_unless_it_is_named() {
        let facts = Facts { marks: &[UNSURE], findings: &[], points: &[], outcome: None };
        let unnamed = Condition::Answer { question: 0, marks: 1 };
        let named = Condition::Answer { question: 0, marks: 1 | UNSURE };
        let marked = Condition::Marked { question: 0, marks: 0b111, at_least: 1 };
        assert_eq!(unnamed.truth(&facts), Truth::Unknown);
        assert_eq!(Condition::Not(Box::new(unnamed)).truth(&facts), Truth::Unknown);
        assert_eq!(named.truth(&facts), Truth::True);
        assert_eq!(marked.truth(&facts), Truth::Unknown);
    }
}
