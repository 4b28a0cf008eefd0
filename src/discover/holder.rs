/*! Who holds a credential, as one record names it: every column that may name a consumer, and the input. */

use crate::map::Mapped;
use crate::model::columns::Column;
use crate::safe;

/// The columns that may name a consumer, the most telling first.
pub(super) const NAMED_BY: [Column; 5] = [
    Column::ServiceName,
    Column::UserAgent,
    Column::Principal,
    Column::ClientAddress,
    Column::HostName,
];

/// What the principal of a session of a role has before the name of the role.
const ROLE: &str = ":assumed-role/";

/// A consumer by one name: that of the first column that has one, otherwise that of its file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedConsumer {
    /// The column that names it; `None`: the file does.
    pub by: Option<Column>,
    /// The name as logged, of an agent without its version, of a role without the session.
    pub name: String,
}

/// All names of a consumer in a record. A text that would have to be masked is not used as a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Holder {
    names: [Option<String>; NAMED_BY.len()],
    /// The position of the input.
    pub(super) input: usize,
}

impl Holder {
    pub(super) fn of(mapped: &Mapped<'_>) -> Self {
        let named = |column: Column| {
            let raw = mapped.text(column)?;
            let name = match column {
                Column::UserAgent => product(raw),
                Column::Principal => without_session(raw),
                _ => raw,
            };
            // Who is named as the credential is named by it alone, and has another name with the next one.
            let is_credential = mapped.uids.iter().any(|uid| uid.as_ref() == name);
            let is_name = !name.is_empty() && !is_credential && safe::mask_path(name) == name;
            is_name.then(|| name.to_owned())
        };
        Self { names: NAMED_BY.map(named), input: 0 }
    }

    /// A consumer with one name.
    #[cfg(test)]
    pub(super) fn named(column: Column, name: &str) -> Self {
        Self::default().and(column, name)
    }

    /// The same with another name.
    #[cfg(test)]
    pub(super) fn and(mut self, column: Column, name: &str) -> Self {
        if let Some(slot) = slot(column) {
            self.names[slot] = Some(name.to_owned());
        }
        self
    }

    /// The same in the input at this position.
    pub(super) fn at(mut self, input: usize) -> Self {
        self.input = input;
        self
    }

    /// Its name in a column.
    pub(super) fn name(&self, column: Column) -> Option<&str> {
        self.names[slot(column)?].as_deref()
    }

    /// The first of its names.
    pub(super) fn first(&self) -> Option<(Column, &str)> {
        NAMED_BY.iter().find_map(|column| Some((*column, self.name(*column)?)))
    }

    /// Leaves out the names for which this holds.
    pub(super) fn without(mut self, is_left_out: &dyn Fn(&str) -> bool) -> Self {
        for name in &mut self.names {
            *name = name.take().filter(|name| !is_left_out(name));
        }
        self
    }

    /// The role of which it has a session, otherwise the first of its names.
    pub(super) fn issuer(&self) -> Option<String> {
        let role = self.name(Column::Principal).and_then(|arn| arn.split_once(ROLE));
        let role = role.map(|(_, role)| format!("role {role}"));
        let principal = || self.name(Column::Principal).map(str::to_owned);
        role.or_else(principal).or_else(|| self.first().map(|(_, name)| name.to_owned()))
    }
}

fn slot(column: Column) -> Option<usize> {
    NAMED_BY.iter().position(|named| *named == column)
}

/// An agent without its version.
fn product(agent: &str) -> &str {
    agent.split(['/', ' ']).next().unwrap_or_default()
}

/// The principal of a role without the name of the session, which is another one each time.
fn without_session(principal: &str) -> &str {
    let Some((before, after)) = principal.split_once(ROLE) else { return principal };
    let role = after.split('/').next().unwrap_or_default();
    &principal[..before.len() + ROLE.len() + role.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_named_without_its_session() {
        let arn = "arn:aws:sts::111122223333:assumed-role/deploy/i-0abc";
        assert_eq!(without_session(arn), "arn:aws:sts::111122223333:assumed-role/deploy");
        let holder = Holder::named(Column::Principal, without_session(arn));
        assert_eq!(holder.issuer().as_deref(), Some("role deploy"));
        assert_eq!(without_session("arn:aws:iam::1:user/a/b"), "arn:aws:iam::1:user/a/b");
        assert_eq!(product("aws-cli/2.15 md/x"), "aws-cli");
    }
}
