//! The command line of backwise.

fn main() {}
