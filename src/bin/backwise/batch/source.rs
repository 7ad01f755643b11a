//! Rows out of files: blocks of whole lines, whatever the file's size.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use backwise::batch::{Batch, Buffer, Header, RowFault};
use backwise::language::Language;

use super::{BatchArgs, From, Signal};
use crate::failure::{Failure, reason};

/// How many bytes are read at a time.
const BLOCK: usize = 256 << 10;
/// The same where each row makes a whole result, which is many times as long.
const FULL_BLOCK: usize = 64 << 10;
/// The longest line that is still taken for a row.
const LONGEST_LINE: usize = 1 << 20;
/// The names that ask for a decompressor.
const GZIP: &str = "gz";
const ZSTD: &str = "zst";
/// How such files start.
const GZIP_STARTS: &[u8] = b"\x1f\x8b";
const ZSTD_STARTS: &[u8] = b"\x28\xb5\x2f\xfd";

/// A block of whole lines of one file.
pub(super) struct Block {
    /// Its place among all blocks.
    pub(super) turn: u64,
    /// The number of its first line in the file.
    pub(super) first: u64,
    /// The name of the file, where there are several.
    pub(super) file: Option<Arc<str>>,
    /// The header, for CSV.
    pub(super) header: Option<Arc<Header>>,
    /// What kept a row from being read at all; there are no lines then.
    pub(super) fault: Option<RowFault>,
    /// What kept the file from being read on; the fault is then that of no row.
    pub(super) failure: Option<Failure>,
}

/// All rows of all files.
pub(super) struct Source<'a> {
    batch: &'a Batch<'a>,
    from: Option<From>,
    delimiter: u8,
    /// How many bytes are read at a time.
    block: usize,
    files: std::vec::IntoIter<PathBuf>,
    several: bool,
    /// The column that must be there, as it was asked for.
    id: Option<String>,
    open: Option<Open>,
    turn: u64,
    /// Bytes of the files opened so far, and of all, where that is known.
    pub(super) read: u64,
    pub(super) size: Option<u64>,
    signal: Signal,
}

struct Open {
    name: String,
    reader: Box<dyn Read + Send>,
    /// Rows may be long in coming: those that are there are not kept waiting for others.
    trickles: bool,
    header: Option<Arc<Header>>,
    csv: bool,
    delimiter: u8,
    /// How many bytes are read at a time.
    block: usize,
    /// What was read behind the last whole line.
    rest: Vec<u8>,
    line: u64,
    /// Within a line that is too long to be a row.
    skipping: bool,
    /// How far it was read. A failure is told once the lines before it are.
    reached: Reached,
}

impl<'a> Source<'a> {
    pub(super) fn new(batch: &'a Batch<'a>, arguments: &BatchArgs, signal: Signal) -> Self {
        let files = arguments.files();
        let sizes = files.iter().map(|file| {
            let plain = compression(file).is_none() && file.as_os_str() != "-";
            std::fs::metadata(file).ok().filter(|it| plain && it.is_file()).map(|it| it.len())
        });
        let size = sizes.sum::<Option<u64>>();
        let several = files.len() > 1;
        let files = files.into_iter();
        Self {
            batch,
            from: arguments.from,
            delimiter: arguments.delimiter,
            block: if batch.layout().full { FULL_BLOCK } else { BLOCK },
            files,
            several,
            id: arguments.id.clone(),
            open: None,
            turn: 0,
            read: 0,
            size,
            signal,
        }
    }

    /// The next block, its lines in `buffer`; none at the end of the last file, and none once a
    /// signal came.
    ///
    /// A file that cannot be read is a block of its own with a failure, and the next one follows.
    pub(super) fn next(&mut self, buffer: &mut Buffer) -> Option<Block> {
        let block = self.next_block(buffer)?;
        // What was read when the signal came may end anywhere.
        (self.signal.load(Ordering::Relaxed) == 0).then_some(block)
    }

    fn next_block(&mut self, buffer: &mut Buffer) -> Option<Block> {
        loop {
            buffer.clear();
            if self.open.is_none() {
                let file = self.files.next()?;
                match self.open(&file) {
                    Ok(open) => self.open = Some(open),
                    Err(failure) => {
                        let why = match &failure {
                            Failure::Unreadable { error, .. } => reason(error, Language::English),
                            _ => String::new(),
                        };
                        return Some(self.broken(&file.display().to_string(), 0, &why, failure));
                    }
                }
            }
            let Some(open) = &mut self.open else { continue };
            match open.fill(buffer) {
                Ok(filled) => {
                    self.read += filled.read as u64;
                    let (first, header) = (open.line, open.header.clone());
                    let name = self.several.then(|| Arc::from(open.name.as_str()));
                    open.line += filled.lines;
                    if open.ended() && open.rest.is_empty() && !open.skipping {
                        self.open = None;
                    }
                    if buffer.text().is_empty() && filled.fault.is_none() {
                        continue;
                    }
                    self.turn += 1;
                    let turn = self.turn - 1;
                    let fault = filled.fault;
                    return Some(Block { turn, first, file: name, header, fault, failure: None });
                }
                Err(error) => {
                    let (name, line) = (open.name.clone(), open.line);
                    self.open = None;
                    let why = reason(&error, Language::English);
                    let failure = Failure::Unreadable { name: name.clone(), error };
                    return Some(self.broken(&name, line, &why, failure));
                }
            }
        }
    }

    /// A block that says that a file could not be read, or not on from a line.
    fn broken(&mut self, name: &str, line: u64, why: &str, failure: Failure) -> Block {
        let from = if line == 0 { "" } else { " from here on" };
        let message = format!("`{name}` cannot be read{from}: {why}");
        let fault = RowFault::whole(message, "a file that can be read to its end");
        self.turn += 1;
        let (turn, file) = (self.turn - 1, Some(Arc::from(name)));
        let (fault, failure) = (Some(fault), Some(failure));
        Block { turn, first: line, file, header: None, fault, failure }
    }

    fn open(&self, file: &Path) -> Result<Open, Failure> {
        let name = if file.as_os_str() == "-" {
            "standard input".to_owned()
        } else {
            file.display().to_string()
        };
        let unreadable = |error| Failure::Unreadable { name: name.clone(), error };
        let opened = if file.as_os_str() == "-" {
            standard_input().map_err(unreadable)?
        } else {
            open_file(file)?
        };
        let trickles = !opened.metadata().is_ok_and(|it| it.is_file());
        let plain: Box<dyn Read + Send> = if trickles {
            Box::new(Waiting { file: opened, signal: Arc::clone(&self.signal) })
        } else {
            Box::new(opened)
        };
        let reader: Box<dyn Read + Send> = match compression(file) {
            Some(GZIP) => Box::new(flate2::bufread::MultiGzDecoder::new(BufReader::with_capacity(
                BLOCK, plain,
            ))),
            Some(_) => Box::new(zstd::Decoder::new(plain).map_err(unreadable)?),
            None => plain,
        };
        let from = self.from.or_else(|| From::of(file)).unwrap_or(From::Ndjson);
        let csv = from == From::Csv;
        let mut open = Open {
            name: name.clone(),
            reader,
            trickles,
            header: None,
            csv,
            delimiter: self.delimiter,
            block: self.block,
            rest: Vec::new(),
            line: 1,
            skipping: false,
            reached: Reached::More,
        };
        open.begin().map_err(unreadable)?;
        if open.rest.starts_with(b"\xef\xbb\xbf") {
            open.rest.drain(..3);
        }
        if open.rest.starts_with(b"\xff\xfe") || open.rest.starts_with(b"\xfe\xff") {
            let message = format!("error: `{name}` is text in UTF-16, not in UTF-8");
            return Err(Failure::Content(format!("{message}\n\n  save it as UTF-8")));
        }
        for (start, ending) in [(GZIP_STARTS, GZIP), (ZSTD_STARTS, ZSTD)] {
            if open.rest.starts_with(start) {
                let message = format!("error: `{name}` is compressed, and is not called so");
                let hint = format!("unpack it first, or let its name end in .{ending}");
                return Err(Failure::Content(format!("{message}\n\n  {hint}")));
            }
        }
        if csv {
            let names = open.header_names();
            let header = self.batch.header(&names).map_err(|fault| {
                let column = fault.column.as_deref().unwrap_or_default();
                let stands = names.iter().any(|name| name.trim() == column);
                let hint = match (self.batch.knows(column), stands) {
                    (true, true) => "leave one of them out of the file".to_owned(),
                    (true, false) => "add it, or leave the others out with --ignore".to_owned(),
                    (false, _) => header_hint(&names),
                };
                Failure::Content(format!("error: `{name}`: {fault}\n\n  {hint}"))
            })?;
            if let Some(id) = &self.id
                && !names.iter().any(|name| name.trim() == id)
            {
                let message = format!("error: `{name}` has no column `{id}`");
                let hint = "give --id the name of the column that names a row";
                return Err(Failure::Content(format!("{message}\n\n  {hint}")));
            }
            open.header = Some(Arc::new(header.with_delimiter(self.delimiter)));
        }
        Ok(open)
    }
}

/// What may help where a header is at fault.
fn header_hint(names: &[String]) -> String {
    let other = [(';', "';'"), ('\t', "tab"), ('|', "'|'")];
    match (names, other) {
        ([one], known) if known.iter().any(|(between, _)| one.contains(*between)) => {
            let between = known.iter().find(|(between, _)| one.contains(*between));
            let between = between.map_or("", |(_, between)| between);
            format!("if that is what stands between the cells, give --delimiter {between}")
        }
        _ => "name it in a file for --map, or leave it out with --ignore".to_owned(),
    }
}

/// Opens a file to be read.
pub(super) fn open_file(file: &Path) -> Result<File, Failure> {
    let unreadable = |error| Failure::Unreadable { name: file.display().to_string(), error };
    let opened = File::open(file).map_err(unreadable)?;
    if opened.metadata().is_ok_and(|it| it.is_dir()) {
        return Err(unreadable(io::Error::other("it is a folder")));
    }
    Ok(opened)
}

/// Standard input without a buffer of its own, so that one can wait for what it really holds.
fn standard_input() -> io::Result<File> {
    #[cfg(unix)]
    let owned = std::os::fd::AsFd::as_fd(&io::stdin()).try_clone_to_owned()?;
    #[cfg(windows)]
    let owned = std::os::windows::io::AsHandle::as_handle(&io::stdin()).try_clone_to_owned()?;
    Ok(File::from(owned))
}

/// A pipe or a terminal: what it holds may be long in coming, and a signal ends the wait.
struct Waiting {
    file: File,
    signal: Signal,
}

impl Read for Waiting {
    #[cfg(unix)]
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let pause = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
        while self.signal.load(Ordering::Relaxed) == 0 {
            match poll(&mut [PollFd::new(&self.file, PollFlags::IN)], Some(&pause)) {
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                Ok(_) => return self.file.read(buffer),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(0)
    }

    #[cfg(not(unix))]
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

/// What a reading step came to.
struct Filled {
    read: usize,
    lines: u64,
    fault: Option<RowFault>,
}

impl Open {
    /// Reads the first bytes: a line, or as much of it as is looked at.
    fn begin(&mut self) -> io::Result<()> {
        self.rest.resize(self.block, 0);
        let mut length = 0;
        while length < self.block
            && matches!(self.reached, Reached::More)
            && self.last_line_end(&self.rest[..length]) == 0
        {
            let room = &mut self.rest[length..];
            let (read, reached) = read_up_to(&mut self.reader, room, self.trickles);
            length += read;
            self.reach(reached);
        }
        self.rest.truncate(length);
        self.failure_if(length == 0).map_or(Ok(()), Err)
    }

    fn reach(&mut self, reached: Reached) {
        if !matches!(reached, Reached::More) {
            self.reached = reached;
        }
    }

    fn ended(&self) -> bool {
        matches!(self.reached, Reached::End)
    }

    /// Why it cannot be read on, if that is to be told now.
    fn failure_if(&mut self, is_due: bool) -> Option<io::Error> {
        match std::mem::replace(&mut self.reached, Reached::More) {
            Reached::Failure(error) if is_due => Some(error),
            reached => {
                self.reached = reached;
                None
            }
        }
    }

    /// The cells of the first record, which is taken away.
    fn header_names(&mut self) -> Vec<String> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .delimiter(self.delimiter)
            .from_reader(self.rest.as_slice());
        let mut record = csv::ByteRecord::new();
        // Reading from memory does not fail; a first record longer than a block is no header.
        let found = reader.read_byte_record(&mut record).unwrap_or(false);
        let end = usize::try_from(reader.position().byte()).unwrap_or(0).min(self.rest.len());
        let names = record.iter().map(|name| String::from_utf8_lossy(name).into_owned());
        let names = if found { names.collect() } else { Vec::new() };
        self.line += lines(&self.rest[..end]);
        self.rest.drain(..end);
        names
    }

    /// Fills the buffer with whole lines.
    fn fill(&mut self, buffer: &mut Buffer) -> io::Result<Filled> {
        let mut read = 0;
        let has_lines = self.trickles && self.last_line_end(&self.rest) > 0;
        let goes_on = matches!(self.reached, Reached::More) && self.rest.len() < self.block;
        let mut more = if goes_on && !has_lines { self.block } else { 0 };
        let end = loop {
            if self.ended() {
                more = 0;
            }
            let room = buffer.room(&self.rest, more);
            let (came, reached) = read_up_to(&mut self.reader, room, self.trickles);
            buffer.take(came);
            self.reach(reached);
            read += came;
            if self.skipping {
                return match self.failure_if(came == 0) {
                    Some(error) => Err(error),
                    None => Ok(self.skip(buffer, read)),
                };
            }
            let end = self.last_line_end(buffer.text());
            let length = buffer.text().len();
            if end > 0 || self.ended() || length > LONGEST_LINE {
                break end;
            }
            if let Some(error) = self.failure_if(true) {
                return Err(error);
            }
            buffer.keep(0, &mut self.rest);
            // Whether a line is too long depends on nothing else than its length.
            more = self.block.min(LONGEST_LINE + 1 - length);
        };
        let text = buffer.text();
        let end = if end == 0 { self.misquoted_end(text) } else { end };
        if end == 0 && !self.ended() {
            buffer.keep(0, &mut self.rest);
            self.rest.clear();
            self.skipping = true;
            let message = format!("the line is longer than {} MiB", LONGEST_LINE >> 20);
            let fault = RowFault::whole(message, "one row a line");
            return Ok(Filled { read, lines: 0, fault: Some(fault) });
        }
        let end = if end == 0 { text.len() } else { end };
        buffer.keep(end, &mut self.rest);
        Ok(Filled { read, lines: buffer.line_ends(), fault: None })
    }

    /// Leaves out what belongs to a line that is too long; the buffer is then empty.
    fn skip(&mut self, buffer: &mut Buffer, read: usize) -> Filled {
        let end = memchr::memchr(b'\n', buffer.text());
        self.skipping = end.is_none() && !self.ended();
        buffer.skip(end.map_or(usize::MAX, |end| end + 1));
        buffer.keep(0, &mut self.rest);
        Filled { read, lines: u64::from(!self.skipping), fault: None }
    }

    /// Where the last whole row that was read ends; zero where there is none.
    fn last_line_end(&self, text: &[u8]) -> usize {
        if self.csv && memchr::memchr(b'"', text).is_some() {
            return Buffer::last_record_end(text, self.delimiter).0;
        }
        memchr::memrchr(b'\n', text).map_or(0, |place| place + 1)
    }

    /// Where the line ends in which a quote opens a cell of CSV that nothing closes: the lines behind
    /// it are rows of their own. Zero where there is none.
    fn misquoted_end(&self, text: &[u8]) -> usize {
        let opened = || Buffer::last_record_end(text, self.delimiter).1;
        let opened = if self.csv { opened() } else { None };
        let end = opened.and_then(|opened| Some(opened + memchr::memchr(b'\n', &text[opened..])?));
        end.map_or(0, |end| end + 1)
    }
}

/// How far a reader came.
enum Reached {
    /// There may be more.
    More,
    End,
    Failure(io::Error),
}

/// Reads as much as there is room for, or, where rows trickle, as comes at once.
fn read_up_to(reader: &mut impl Read, room: &mut [u8], trickles: bool) -> (usize, Reached) {
    let mut length = 0;
    while length < room.len() {
        match reader.read(&mut room[length..]) {
            Ok(0) => return (length, Reached::End),
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return (length, Reached::Failure(error)),
        }
        if trickles {
            break;
        }
    }
    (length, Reached::More)
}

fn lines(text: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', text).count() as u64
}

/// The ending of a name that asks for a decompressor.
pub(super) fn compression(file: &Path) -> Option<&'static str> {
    let ending = file.extension()?.to_str()?;
    [GZIP, ZSTD].into_iter().find(|known| known.eq_ignore_ascii_case(ending))
}
