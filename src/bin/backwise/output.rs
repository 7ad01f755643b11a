//! Where a result goes. A file is written beside its place and renamed into it when it is whole.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::failure::Failure;

/// Standard output, or a file that is not there yet.
pub(crate) enum Output {
    /// Standard output.
    Screen,
    /// Something that is no ordinary file, such as a pipe, which is written as it comes.
    Stream(PathBuf),
    /// A file, and what is written beside it. Only its owner may read it.
    File {
        /// Where it will be.
        path: PathBuf,
        /// Where it is until it is whole; taken away again if the program stops before.
        beside: NamedTempFile,
    },
}

/// What stands where something is to be written.
pub(crate) enum Place {
    /// Something that is no ordinary file, such as a pipe, which is written as it comes.
    Stream(PathBuf),
    /// A file, or nothing yet.
    File(PathBuf),
}

impl Place {
    /// Looks; a folder cannot be written.
    pub(crate) fn of(file: &Path) -> Result<Self, Failure> {
        let unwritable = |error| unwritable(file, error);
        // What is no file is opened by its own name: that behind `/dev/stdout` need not be one.
        if is_stream(file) {
            return Ok(Self::Stream(file.to_owned()));
        }
        // Behind a link the file itself is replaced, not the link.
        let path = if file.is_symlink() {
            behind_links(file).map_err(unwritable)?
        } else {
            file.to_owned()
        };
        match fs::metadata(&path) {
            Ok(found) if found.is_dir() => {
                Err(unwritable(io::Error::from(io::ErrorKind::IsADirectory)))
            }
            _ => Ok(Self::File(path)),
        }
    }
}

/// The most links that lead from one to the next.
const MOST_LINKS: usize = 40;

/// Where a file is, or would be, behind all links; it need not be there.
pub(crate) fn behind_links(file: &Path) -> io::Result<PathBuf> {
    let mut path = file.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(target) = fs::read_link(&path) else { break };
        path = path.parent().unwrap_or(Path::new("")).join(target);
    }
    match fs::canonicalize(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        found => return found,
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = fs::canonicalize(folder.unwrap_or(Path::new(".")))?;
    Ok(path.file_name().map_or_else(|| folder.clone(), |name| folder.join(name)))
}

/// Whether there is something that is neither a file nor a folder, such as a pipe.
fn is_stream(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Whether two names lead to one file, which need not be there yet. A stream loses nothing by being
/// written to.
pub(crate) fn is_same(one: &Path, other: &Path) -> bool {
    match [one, other].map(behind_links) {
        [Ok(one), Ok(other)] => one == other && !is_stream(&one),
        _ => false,
    }
}

impl Output {
    /// Opens the place for a result; fails now if it will not be possible to write there.
    pub(crate) fn open(file: Option<&Path>) -> Result<Self, Failure> {
        let Some(file) = file.filter(|file| file.as_os_str() != "-") else {
            return Ok(Self::Screen);
        };
        let path = match Place::of(file)? {
            Place::Stream(path) => return Ok(Self::Stream(path)),
            Place::File(path) => path,
        };
        let name = path.file_name().unwrap_or(OsStr::new("result")).to_string_lossy();
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let beside = tempfile::Builder::new()
            .prefix(&format!(".{name}."))
            .tempfile_in(folder)
            .map_err(|error| unwritable(file, error))?;
        Ok(Self::File { path, beside })
    }

    /// Whether the result goes to a file.
    pub(crate) fn is_file(&self) -> bool {
        !matches!(self, Self::Screen)
    }

    /// Writes the whole text; the screen is not for this one.
    pub(crate) fn write(self, text: &str) -> Result<(), Failure> {
        match self {
            Self::Screen => Ok(()),
            Self::Stream(path) => fs::write(&path, text).map_err(|error| unwritable(&path, error)),
            Self::File { path, mut beside } => {
                let written = beside.write_all(text.as_bytes()).and_then(|()| {
                    beside.as_file().sync_all()?;
                    beside.persist(&path).map(drop).map_err(|error| error.error)
                });
                written.map_err(|error| unwritable(&path, error))
            }
        }
    }
}

fn unwritable(file: &Path, error: io::Error) -> Failure {
    Failure::Unwritable { name: file.display().to_string(), error }
}
