/*! The names in an archive and the links between them. A link adds nothing if its target is in the archive under its
 * own name. If it is not, nobody has read what the link stands for.
 */

use std::collections::{HashMap, VecDeque};

use crate::limits;

use super::members::{ArchiveReport, told};

/// The names in an archive, as paths from its root without `.` and `..`.
#[derive(Debug, Default)]
pub(super) struct Contents {
    names: Vec<Box<str>>,
    links: Vec<ArchiveLink>,
    /// The position of each link by its name; of several with one name, of the last.
    by_name: HashMap<Box<str>, usize>,
    bytes: usize,
}

#[derive(Debug)]
struct ArchiveLink {
    name: Box<str>,
    /// As the archive has it.
    target: Box<str>,
    /// The target counts from the root of the archive, not from the folder of the link.
    from_root: bool,
}

impl Contents {
    /// Adds a file or folder; `false` if the names became too many.
    pub(super) fn add(&mut self, name: &str) -> bool {
        self.names.push(plain(name).into());
        self.has_room(name.len())
    }

    /// Adds a link; `false` if the names became too many. `from_root`: its target counts from the root of the archive.
    pub(super) fn add_link(&mut self, name: &str, target: &str, from_root: bool) -> bool {
        let name: Box<str> = plain(name).into();
        self.by_name.insert(name.clone(), self.links.len());
        let bytes = 2 * name.len() + target.len();
        self.links.push(ArchiveLink { name, target: target.into(), from_root });
        self.has_room(bytes)
    }

    fn has_room(&mut self, bytes: usize) -> bool {
        self.bytes += bytes + limits::NAME_COST_BYTES;
        self.bytes <= limits::ARCHIVE_NAME_BYTES
    }

    /// Names the links whose targets are not in the archive.
    pub(super) fn tell_dangling_links(mut self, report: &mut ArchiveReport) {
        self.names.sort_unstable();
        let mut work = limits::LINK_WORK_BYTES;
        for link in self.links.iter().filter(|link| !self.holds(link, &mut work)) {
            let (name, target) = (told(&link.name), told(&link.target));
            report
                .damaged(format!("link `{name}` leads to `{target}`, which is not in the archive"));
        }
    }

    /// Whether a link leads to a file or folder of the archive, over other links or not.
    fn holds(&self, link: &ArchiveLink, work: &mut usize) -> bool {
        let folder = link.name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut at: Vec<&str> = parts(folder).collect();
        let mut left: VecDeque<&str> = VecDeque::new();
        let mut hops = limits::LINK_HOPS;
        link.follow(&mut at, &mut left);
        let mut path = at.join("/");
        while let Some(part) = left.pop_front() {
            if part == ".." {
                if at.pop().is_none() {
                    return false;
                }
            } else {
                at.push(part);
            }
            path = at.join("/");
            let Some(rest) = work.checked_sub(path.len() + 1) else { return false };
            *work = rest;
            // A name that is there is not hidden by a link of the same name.
            let next = self.by_name.get(path.as_str()).filter(|_| !self.has(&path));
            if let Some(position) = next {
                let Some(rest) = hops.checked_sub(1) else { return false };
                hops = rest;
                at.pop();
                self.links[*position].follow(&mut at, &mut left);
                path = at.join("/");
            }
        }
        path.is_empty() && !link.target.is_empty() || self.has(&path) || self.has_below(&path)
    }

    fn has(&self, path: &str) -> bool {
        self.names.binary_search_by(|name| (**name).cmp(path)).is_ok()
    }

    /// Whether the path is a folder of a file.
    fn has_below(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        let first = self.names.partition_point(|name| **name < *folder);
        self.names.get(first).is_some_and(|name| name.starts_with(&folder))
    }
}

impl ArchiveLink {
    /// Puts the parts of the target before what is left of the path. What begins with `/` counts from the root:
    /// programs that pack archives leave the `/` out of names but not out of links.
    fn follow<'p>(&'p self, at: &mut Vec<&'p str>, left: &mut VecDeque<&'p str>) {
        if self.from_root || self.target.starts_with('/') {
            at.clear();
        }
        for part in parts(&self.target).rev() {
            left.push_front(part);
        }
    }
}

fn parts(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty() && *part != ".")
}

/// A name as a path from the root. What leads out of the archive is no path in it, and stays as it is.
fn plain(name: &str) -> String {
    parts(name).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dangling(names: &[&str], links: &[(&str, &str)]) -> Vec<String> {
        let (mut contents, mut report) = (Contents::default(), ArchiveReport::default());
        for name in names {
            assert!(contents.add(name));
        }
        for (name, target) in links {
            assert!(contents.add_link(name, target, false));
        }
        contents.tell_dangling_links(&mut report);
        let links = report.damage.iter().map(|what| what.split('`').nth(1).unwrap().to_owned());
        links.collect()
    }

    #[test]
    fn a_link_to_something_in_the_archive_is_fine() {
        let names = ["./pods/a/0.log", "var/log/pods/b/0.log", "old/", "pods/a/1.log"];
        let fine = [
            ("containers/a.log", "../pods/a/0.log"),
            ("containers/b.log", "/var/log/pods/b/0.log"),
            ("pods/now", "a"),
            ("latest", "pods/now/1.log"),
            ("all", "."),
            ("empty", "old"),
            ("deep", "pods/now/../a/0.log"),
            ("chain", "latest"),
        ];
        assert_eq!(dangling(&names, &fine), Vec::<String>::new());
    }

    #[test]
    fn a_link_to_nothing_is_named() {
        let names = ["pods/a/0.log", "pods/ab/0.log"];
        let lost = [
            ("containers/b.log", "/var/log/pods/b/0.log"),
            ("containers/c.log", "../../pods/a/0.log"),
            ("containers/d.log", "pods/a/0.log"),
            ("half", "pods/a/0"),
            ("short", "pods/a/0.lo"),
            ("no", ""),
            ("self", "self"),
            ("round", "trip"),
            ("trip", "round"),
            ("next", "half"),
        ];
        let names_of: Vec<String> = lost.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(dangling(&names, &lost), names_of);
    }

    #[test]
    fn links_cannot_take_more_time_than_the_limit() {
        let deep = "a/".repeat(2_000);
        let names = [format!("{deep}x")];
        let mut contents = Contents::default();
        assert!(contents.add(&names[0]));
        for number in 0..2_000 {
            contents.add_link(&format!("l{number}"), &format!("{deep}{number}"), false);
        }
        let mut report = ArchiveReport::default();
        contents.tell_dangling_links(&mut report);
        let report = report.finish();
        assert_eq!(report.damage.len(), limits::ARCHIVE_FAULTS + 1);
        assert!(report.damage.iter().all(|what| what.chars().count() < 500));
    }
}
