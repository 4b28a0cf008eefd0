/*! What a zip says besides its members: comments of the archive and of members, and additional fields. Records that
 * somebody put there are not read, so they must not stay unseen.
 */

use std::ops::Range;

use crate::ingest::remark::is_like_a_record;

use super::zip_layout::{MemberPlace, ZipLayout, listed_remarks, local_remark};

/// The bytes of remarks that look like records.
pub(super) fn like_records(
    stored: &[u8],
    layout: &ZipLayout,
    members: &[MemberPlace],
) -> Vec<Range<usize>> {
    let local = members.iter().filter_map(|member| local_remark(stored, member.bytes.start));
    let remarks = listed_remarks(stored, layout).into_iter().chain(local).chain([layout.comment()]);
    let is_record = |bytes: &Range<usize>| stored.get(bytes.clone()).is_some_and(is_like_a_record);
    remarks.filter(is_record).collect()
}
