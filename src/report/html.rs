//! The document as one self-contained HTML page: no script, no request, made to be printed.

use askama::Template;

use super::{Block, BodyChart, Document, Entry, Scale, Tone};
use crate::prose::clean_line;

/// The page; askama checks the template when the program is built, and escapes what it puts in.
#[derive(Template)]
#[template(path = "document.html")]
struct Page<'a> {
    document: &'a Document,
}

/// The document as HTML.
pub fn html(document: &Document) -> String {
    // Writing to a string cannot fail.
    let page = Page { document }.render().unwrap_or_default();
    page.lines().map(str::trim_end).filter(|line| !line.is_empty()).fold(
        String::with_capacity(page.len()),
        |mut out, line| {
            out.push_str(line);
            out.push('\n');
            out
        },
    )
}

/// The columns of a drawn scale, and its height.
const SCALE_WIDTH: i64 = 220;
/// The height of a drawn bar in a chart of points.
const LONGEST_BAR: i64 = 160;

/// The bytes of text beyond which a page is printed smaller.
const LONG: usize = 6000;

/// A band of a scale as it is drawn.
struct DrawnBand<'a> {
    x: i64,
    width: i64,
    middle: i64,
    tint: usize,
    name: &'a str,
}

/// A region of the body as it is drawn: where its number stands, and its outline.
struct DrawnRegion<'a> {
    label: &'a str,
    mark: usize,
    outline: &'static str,
    x: i64,
    y: i64,
}

/// Outlines of the regions on a back view of 120 by 250, by the id of the choice.
const OUTLINES: [(&str, &str, (i64, i64)); 7] = [
    ("neck", "M50 36h20v14H50z", (60, 43)),
    ("shoulder-blades", "M38 52h44v34H38z", (60, 73)),
    ("low-back", "M42 94h36v26H42z", (60, 111)),
    ("buttock", "M39 122h42v24H39z", (60, 138)),
    ("thigh", "M63 150h17l-2 38H64z", (72, 173)),
    ("below-knee", "M64 194h13l-2 40h-9z", (71, 217)),
    ("leg-tingling", "M43 150h16l-3 84H46z", (51, 190)),
];

#[allow(
    clippy::trivially_copy_pass_by_ref,
    clippy::unused_self,
    reason = "a template hands its values over by reference, and calls methods"
)]
impl Page<'_> {
    fn tag(&self) -> &'static str {
        self.document.language.tag()
    }

    /// Whether it is much to read, so that it is printed smaller.
    fn is_long(&self) -> bool {
        let entry = |entry: &Entry| entry.text.len() + entry.lead.as_ref().map_or(0, String::len);
        let block = |block: &Block| match block {
            Block::Paragraph(it) => entry(it),
            Block::List(entries) => entries.iter().map(entry).sum(),
            Block::Table { rows, .. } => rows.iter().flatten().map(entry).sum(),
            _ => 0,
        };
        let sections = self.document.sections.iter().filter(|section| section.id != "sources");
        sections.flat_map(|section| &section.blocks).map(block).sum::<usize>() > LONG
    }

    fn tone(tone: &Tone) -> &'static str {
        match tone {
            Tone::Plain => "plain",
            Tone::Strong => "strong",
            Tone::Alarm => "alarm",
            Tone::Quiet => "quiet",
        }
    }

    fn lead(entry: &Entry) -> Option<String> {
        let lead = clean_line(entry.lead.as_ref()?);
        Some(if lead.ends_with([']', '?', '.', ':']) { lead } else { lead + ":" })
    }

    fn line(text: &str) -> String {
        clean_line(text)
    }

    /// A link, if the source has one that a browser may follow.
    fn is_link(link: &str) -> bool {
        link.starts_with("https://")
    }

    /// A link as it is typed: on paper it cannot be followed.
    fn address(link: &str) -> String {
        clean_line(link.trim_start_matches("https://").trim_end_matches('/'))
    }

    fn x(scale: &Scale, value: &i64) -> i64 {
        (value - scale.from) * SCALE_WIDTH / (scale.to - scale.from).max(1)
    }

    /// The bands side by side, each half a step beyond its first and last number.
    fn bands<'a>(&self, scale: &'a Scale) -> Vec<DrawnBand<'a>> {
        let last = scale.bands.len().saturating_sub(1);
        let bands = scale.bands.iter().enumerate();
        let step = SCALE_WIDTH / (scale.to - scale.from).max(1);
        bands
            .map(|(band_idx, (from, to, name))| {
                let x = if band_idx == 0 { 0 } else { Self::x(scale, from) - step / 2 };
                let end =
                    if band_idx == last { SCALE_WIDTH } else { Self::x(scale, to) + step / 2 };
                let tint = band_idx * 3 / last.max(1);
                DrawnBand { x, width: end - x, middle: i64::midpoint(x, end), tint, name }
            })
            .collect()
    }

    fn regions<'a>(&self, body: &'a BodyChart) -> Vec<DrawnRegion<'a>> {
        let regions = body.regions.iter().filter_map(|region| {
            let mark = region.mark?;
            let (_, outline, (x, y)) = OUTLINES.iter().find(|(id, ..)| *id == region.id)?;
            Some(DrawnRegion { label: &region.label, mark, outline, x: *x, y: *y })
        });
        regions.collect()
    }

    fn length(&self, bars: &[super::Bar], points: &i32) -> i64 {
        let most = bars.iter().map(|bar| i64::from(bar.points)).max().unwrap_or(1).max(1);
        i64::from(*points).max(0) * LONGEST_BAR / most
    }
}
