/*! Standard input can be read once, and a scan may have to read an input again. So its first reader leaves a copy in a
 * file without a name, which ends with the program.
 */

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};

/// What is left of standard input.
enum Spool {
    /// Nobody has read it.
    Untouched,
    /// What the first reader read.
    Kept(File),
    /// The copy could not be written.
    Lost(String),
}

static SPOOL: Mutex<Spool> = Mutex::new(Spool::Untouched);

/// Reads standard input, or the copy of it. An `Err` says why there is no copy.
pub(super) fn read<T>(read: impl FnOnce(&mut dyn Read) -> T) -> Result<T, String> {
    let mut spool = SPOOL.lock().unwrap_or_else(PoisonError::into_inner);
    match &mut *spool {
        Spool::Untouched => {
            let mut copied = Copied { from: io::stdin().lock(), copy: tempfile::tempfile() };
            let answer = read(&mut copied);
            *spool = copied.copy.map_or_else(|error| Spool::Lost(error.to_string()), Spool::Kept);
            Ok(answer)
        }
        Spool::Kept(file) => {
            file.seek(SeekFrom::Start(0)).map_err(|error| error.to_string())?;
            Ok(read(file))
        }
        Spool::Lost(reason) => Err(reason.clone()),
    }
}

/// A stream whose bytes are written to a file as they are read.
struct Copied<R> {
    from: R,
    copy: io::Result<File>,
}

impl<R: Read> Read for Copied<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.from.read(buffer)?;
        if let Ok(file) = &mut self.copy
            && let Err(error) = file.write_all(&buffer[..count])
        {
            self.copy = Err(error);
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_holds_what_was_read() {
        let file = tempfile::tempfile();
        let mut copied = Copied { from: &b"one\ntwo\n"[..], copy: file };
        let mut first = [0; 4];
        copied.read_exact(&mut first).expect("there are four bytes");
        let mut file = copied.copy.expect("it was written");
        file.seek(SeekFrom::Start(0)).expect("it is a file");
        let mut kept = String::new();
        file.read_to_string(&mut kept).expect("it is text");
        assert_eq!(kept, "one\n");
    }
}
