//! Records of CSV: whatever the bytes, the reader at sight never differs from the full reader. The
//! first byte picks what stands between cells, and whether there are few columns or all.
#![no_main]

use std::sync::LazyLock;

use backwise::batch::{Batch, Buffer, Written};
use libfuzzer_sys::fuzz_target;

#[path = "shared.rs"]
mod shared;

static BATCHES: LazyLock<[Batch<'static>; 2]> =
    LazyLock::new(|| [shared::at_sight("id"), shared::in_full("id")]);

fuzz_target!(|text: &[u8]| {
    let Some((&first, records)) = text.split_first() else { return };
    if shared::is_renamed(records) {
        return;
    }
    let questions = shared::RULES.questionnaire.questions.iter().map(|question| &question.id);
    let few = ["id", "signs-now", "pain", "symptoms", "consent"].map(str::to_owned);
    let names: Vec<String> =
        if first & 4 == 0 { few.to_vec() } else { questions.cloned().collect() };
    let [fast, slow] = BATCHES.each_ref().map(|batch| {
        let header = batch.header(&names).expect("every column is a question");
        let header = header.with_delimiter(b",;\t|"[usize::from(first & 3)]);
        let mut written = Written::default();
        batch.records(&header, &mut Buffer::of(records), 1, None, &mut written);
        (written.text().to_vec(), written.tally)
    });
    assert_eq!(String::from_utf8(fast.0), String::from_utf8(slow.0));
    assert_eq!(fast.1, slow.1);
});
