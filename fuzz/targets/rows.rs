//! Rows of NDJSON: whatever the bytes, the reader at sight never differs from the full reader. How
//! many bytes there are picks what the column of names is called.
#![no_main]

use std::sync::LazyLock;

use backwise::batch::{Batch, Buffer, Written};
use libfuzzer_sys::fuzz_target;

#[path = "shared.rs"]
mod shared;

static BATCHES: LazyLock<[[Batch<'static>; 2]; 4]> =
    LazyLock::new(|| shared::IDS.map(|id| [shared::at_sight(id), shared::in_full(id)]));

fuzz_target!(|text: &[u8]| {
    if shared::is_renamed(text) {
        return;
    }
    let batches = &BATCHES[text.len() % BATCHES.len()];
    let [fast, slow] = batches.each_ref().map(|batch| {
        let mut written = Written::default();
        batch.lines(&mut Buffer::of(text), 1, None, &mut written);
        (written.text().to_vec(), written.tally)
    });
    assert_eq!(String::from_utf8(fast.0), String::from_utf8(slow.0));
    assert_eq!(fast.1, slow.1);
});
