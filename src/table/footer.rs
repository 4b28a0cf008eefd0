/*! What a Parquet file says of its columns, before a library reads it: libraries follow the columns of a stranger's
 * file however deep they nest, and a stack that overflows ends the program. Only the description itself is looked at:
 * a second one behind it, or the copy that writers of Arrow add, is not.
 */

use std::io::{self, Read, Seek, SeekFrom};

use super::engine_error::EngineError;

/// What the footer ends with: its length, then a mark.
const END_BYTES: u64 = 8;
const MARK: &[u8; 4] = b"PAR1";

/// The table with the most columns has some fifty. Each element of a schema may be inside the one before.
const ELEMENTS: u64 = 256;

/// Fails if the file describes more columns than any table has. Leaves the file at its start.
pub(super) fn check(file: &mut (impl Read + Seek)) -> Result<(), EngineError> {
    let elements = elements(file)?;
    file.seek(SeekFrom::Start(0))?;
    match elements {
        Some(elements) if elements <= ELEMENTS => Ok(()),
        _ => Err(EngineError::Refused("its description is not that of a table".to_owned())),
    }
}

/// How many elements the schema has: the second field of the description, after the version, in the compact protocol
/// of Thrift. `None`: it does not begin so.
fn elements(file: &mut (impl Read + Seek)) -> io::Result<Option<u64>> {
    let bytes = file.seek(SeekFrom::End(0))?;
    let Some(end) = bytes.checked_sub(END_BYTES) else { return Ok(None) };
    file.seek(SeekFrom::Start(end))?;
    let (mut length, mut mark) = ([0; 4], [0; 4]);
    file.read_exact(&mut length)?;
    file.read_exact(&mut mark)?;
    let Some(start) = end.checked_sub(u64::from(u32::from_le_bytes(length))) else {
        return Ok(None);
    };
    file.seek(SeekFrom::Start(start))?;
    let mut first = Vec::new();
    file.take(u64::from(u32::from_le_bytes(length)).min(16)).read_to_end(&mut first)?;
    Ok(of_description(&first).filter(|_| mark == *MARK))
}

fn of_description(bytes: &[u8]) -> Option<u64> {
    const FIRST_FIELD_I32: u8 = 0x15;
    const NEXT_FIELD_LIST: u8 = 0x19;
    const STRUCTS: u8 = 0x0c;
    const LONG: u8 = 0xf;
    let [FIRST_FIELD_I32, version, NEXT_FIELD_LIST, list, rest @ ..] = bytes else { return None };
    if *version >= 0x80 || list & 0xf != STRUCTS {
        return None;
    }
    if list >> 4 < LONG {
        return Some(u64::from(list >> 4));
    }
    let mut count = 0;
    for (position, byte) in rest.iter().take(5).enumerate() {
        count |= u64::from(byte & 0x7f) << (7 * position);
        if byte & 0x80 == 0 {
            return Some(count);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// A file whose description begins with these bytes.
    fn file(description: &[u8]) -> Cursor<Vec<u8>> {
        let length = u32::try_from(description.len()).expect("few").to_le_bytes();
        Cursor::new([b"PAR1", description, &length, MARK].concat())
    }

    #[test]
    fn a_description_of_many_columns_is_refused() {
        let of = |list: &[u8]| check(&mut file(&[&[0x15, 2, 0x19], list].concat())).is_ok();
        assert!(of(&[0x3c]) && of(&[0xfc, 50]) && of(&[0xfc, 0x80, 2]));
        assert!(!of(&[0xfc, 0x81, 2]) && !of(&[0xfc, 0xa0, 0x8d, 6]), "257 and 100,000");
        assert!(!of(&[0x35]) && !of(&[]), "no list of elements");
        assert!(check(&mut Cursor::new(b"PAR1".to_vec())).is_err());
        let mut torn = file(&[0x15, 2, 0x19, 0x3c]).into_inner();
        torn[4..].rotate_left(2);
        assert!(check(&mut Cursor::new(torn)).is_err());
    }
}
