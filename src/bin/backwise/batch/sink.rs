//! Result lines to where they are wanted.
//!
//! A file is written under another name and gets its own when it is whole, so that half a file is
//! never taken for all of it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use super::source::compression;
use crate::failure::Failure;
use crate::output::Place;

/// Where lines go.
pub(super) struct Sink {
    writer: Writer,
    /// The name the file gets when it is whole; none where there is no such file.
    file: Option<PathBuf>,
    /// Whether there is a row's line in it.
    begun: bool,
    /// What an earlier run left, still to be met again.
    earlier: Option<Earlier>,
}

enum Writer {
    Plain(Box<dyn Write + Send>),
    Gzip(flate2::write::GzEncoder<File>),
    Zstd(zstd::Encoder<'static, File>),
    /// Nothing is written.
    None,
}

struct Earlier {
    reader: BufReader<File>,
    left: u64,
}

/// The name of a file while it is being written.
pub(super) fn unfinished(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".unfinished");
    PathBuf::from(name)
}

/// Opens a file that no other run is writing, and keeps others from it as long as it is open.
fn owned(options: &OpenOptions, part: &Path) -> Result<File, Failure> {
    let name = part.display().to_string();
    let unwritable = |error| Failure::Unwritable { name: name.clone(), error };
    loop {
        let file = options.open(part).map_err(unwritable)?;
        // There, a lock would keep this run itself from reading what is written so far.
        if cfg!(windows) {
            return Ok(file);
        }
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                let message = format!("another run is writing `{name}`");
                return Err(Failure::usage(message, "wait until it ends, or give another name"));
            }
            // The other run may have ended just now, and the file has its own name since.
            Ok(()) if !part.exists() => {}
            // Where files cannot be locked, nothing keeps two runs apart.
            Ok(()) | Err(TryLockError::Error(_)) => return Ok(file),
        }
    }
}

impl Sink {
    /// Nowhere.
    pub(super) fn nowhere() -> Self {
        Self::stream(Writer::None)
    }

    /// Standard output.
    pub(super) fn stdout() -> Self {
        Self::stream(Writer::Plain(Box::new(io::stdout())))
    }

    fn stream(writer: Writer) -> Self {
        Self { writer, file: None, begun: false, earlier: None }
    }

    /// A file; its lines so far are kept, if it is to go on.
    pub(super) fn file(file: &Path, resume: bool) -> Result<Self, Failure> {
        let path = match Place::of(file)? {
            Place::Stream(path) => {
                let out = OpenOptions::new().write(true).open(path).map_err(|error| {
                    Failure::Unwritable { name: file.display().to_string(), error }
                })?;
                return Ok(Self::stream(Writer::Plain(Box::new(out))));
            }
            Place::File(path) => path,
        };
        let file = path.as_path();
        let part = unfinished(file);
        let name = part.display().to_string();
        let unwritable = |error| Failure::Unwritable { name: name.clone(), error };
        if resume && compression(file).is_some() {
            let message = "a compressed file cannot be gone on with";
            return Err(Failure::usage(message, "write a plain file, or begin again"));
        }
        if resume && file.exists() && !part.exists() {
            let message = format!("`{}` is whole already", file.display());
            return Err(Failure::usage(message, "leave out --resume to write it anew"));
        }
        if resume && part.exists() {
            let mut out = owned(OpenOptions::new().write(true), &part)?;
            let length = whole_lines(&part).map_err(unwritable)?;
            out.set_len(length).map_err(unwritable)?;
            io::Seek::seek(&mut out, io::SeekFrom::End(0)).map_err(unwritable)?;
            let reader = BufReader::new(File::open(&part).map_err(unwritable)?);
            return Ok(Self {
                writer: Writer::Plain(Box::new(out)),
                file: Some(file.to_owned()),
                begun: true,
                earlier: Some(Earlier { reader, left: length }),
            });
        }
        // What it holds is about people: only its owner may read it.
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let out = owned(&options, &part)?;
        out.set_len(0).map_err(unwritable)?;
        let writer = match compression(file) {
            None => Writer::Plain(Box::new(out)),
            Some("gz") => {
                Writer::Gzip(flate2::write::GzEncoder::new(out, flate2::Compression::default()))
            }
            Some(_) => Writer::Zstd(zstd::Encoder::new(out, 0).map_err(unwritable)?),
        };
        Ok(Self { writer, file: Some(file.to_owned()), begun: false, earlier: None })
    }

    /// Whether lines are read as they are written.
    pub(super) fn is_screen(&self) -> bool {
        self.file.is_none() && !matches!(self.writer, Writer::None)
    }

    /// Writes whole lines.
    pub(super) fn write(&mut self, text: &[u8]) -> Result<(), Failure> {
        self.begun |= !text.is_empty();
        self.header(text)
    }

    /// Writes what stands before the first row's line.
    pub(super) fn header(&mut self, text: &[u8]) -> Result<(), Failure> {
        let rest = self.meet_again(text)?;
        let written = match &mut self.writer {
            Writer::Plain(out) => out.write_all(rest),
            Writer::Gzip(out) => out.write_all(rest),
            Writer::Zstd(out) => out.write_all(rest),
            Writer::None => Ok(()),
        };
        written.map_err(|error| self.failed(error))
    }

    /// Skips the lines an earlier run wrote already; they must be the same.
    fn meet_again<'t>(&mut self, text: &'t [u8]) -> Result<&'t [u8], Failure> {
        let Some(earlier) = &mut self.earlier else { return Ok(text) };
        let length = usize::try_from(earlier.left).unwrap_or(usize::MAX).min(text.len());
        let mut written = vec![0; length];
        earlier.reader.read_exact(&mut written)?;
        if written != text[..length] {
            let message = "the lines written so far are not those of these rows and these rules";
            return Err(Failure::usage(message, "leave out --resume to begin again"));
        }
        earlier.left -= length as u64;
        if earlier.left == 0 {
            self.earlier = None;
        }
        Ok(&text[length..])
    }

    fn failed(&self, error: io::Error) -> Failure {
        match &self.file {
            Some(file) if error.kind() != io::ErrorKind::BrokenPipe => {
                Failure::Unwritable { name: unfinished(file).display().to_string(), error }
            }
            _ => error.into(),
        }
    }

    /// Ends the output where it stands: what is written is written, and stays unfinished.
    ///
    /// Says where that is, and whether it can be gone on with. A file without a row's line is
    /// taken away.
    pub(super) fn stop(mut self) -> Option<(String, bool)> {
        // What cannot be flushed is lost, and the next run finds the last whole line.
        let _ = match &mut self.writer {
            Writer::Plain(out) => out.flush(),
            Writer::Gzip(out) => out.try_finish(),
            Writer::Zstd(out) => out.do_finish(),
            Writer::None => Ok(()),
        };
        let file = self.file?;
        let part = unfinished(&file);
        if self.begun {
            return Some((part.display().to_string(), compression(&file).is_none()));
        }
        // What cannot be taken away does no harm: it does not have the file's name.
        let _ = std::fs::remove_file(part);
        None
    }

    /// Ends the output: the file is whole and gets its name.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        if self.earlier.is_some() {
            let message = "the output so far has more lines than these rows make";
            return Err(Failure::usage(message, "leave out --resume to begin again"));
        }
        let ended = match std::mem::replace(&mut self.writer, Writer::None) {
            Writer::Plain(mut out) => out.flush(),
            Writer::Gzip(out) => out.finish().map(drop),
            Writer::Zstd(out) => out.finish().map(drop),
            Writer::None => Ok(()),
        };
        ended.map_err(|error| self.failed(error))?;
        match &self.file {
            None => Ok(()),
            Some(file) => {
                let part = unfinished(file);
                // On the disk before it has the name of what is whole.
                let synced = File::open(&part).and_then(|whole| whole.sync_all());
                synced.and_then(|()| std::fs::rename(part, file)).map_err(|error| {
                    Failure::Unwritable { name: file.display().to_string(), error }
                })
            }
        }
    }
}

/// The length of a file without what stands behind its last line break.
fn whole_lines(file: &Path) -> io::Result<u64> {
    let mut reader = BufReader::with_capacity(256 << 10, File::open(file)?);
    let (mut length, mut whole) = (0, 0);
    loop {
        let bytes = io::BufRead::fill_buf(&mut reader)?;
        if bytes.is_empty() {
            return Ok(whole);
        }
        if let Some(last) = memchr::memrchr(b'\n', bytes) {
            whole = length + last as u64 + 1;
        }
        let read = bytes.len();
        length += read as u64;
        io::BufRead::consume(&mut reader, read);
    }
}
