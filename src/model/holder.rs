/*! The members of a class, told apart by what their records show: instance, host, address and more. */

use std::sync::Arc;

use super::class::ClassId;
use super::coverage::StreamId;
use super::place::At;
use super::time::{Span, Timestamp};

/// What tells the members of a class apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// The running copy: pod, container, process.
    Instance,
    /// The host, of records that name no instance.
    Host,
    /// The deployment environment.
    Environment,
    /// The service or workload.
    Service,
    /// The user, role or account.
    Principal,
    /// The address of the caller.
    Address,
    /// The product of the caller's software, without its version.
    UserAgent,
    /// What was called.
    Action,
    /// The log source, of records that name neither instance nor host: each host may have a folder of its own.
    Stream,
}

impl Facet {
    /// All facets, in the order of reports.
    pub const ALL: [Self; 9] = [
        Self::Instance,
        Self::Host,
        Self::Environment,
        Self::Service,
        Self::Principal,
        Self::Address,
        Self::UserAgent,
        Self::Action,
        Self::Stream,
    ];

    /// The column of the evidence that shows it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Instance => "service_instance_id",
            Self::Host => "host_name",
            Self::Environment => "environment",
            Self::Service => "service_name",
            Self::Principal => "principal",
            Self::Address => "client_address",
            Self::UserAgent => "user_agent",
            Self::Action => "action",
            Self::Stream => "stream",
        }
    }

    /// The words for people: `address 203.0.113.77`.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Instance => "instance",
            Self::Host => "host",
            Self::Environment => "environment",
            Self::Service => "service",
            Self::Principal => "principal",
            Self::Address => "address",
            Self::UserAgent => "user agent",
            Self::Action => "action",
            Self::Stream => "log source",
        }
    }

    /// Does it name a running copy?
    pub fn is_running_copy(self) -> bool {
        match self {
            Self::Instance | Self::Host => true,
            Self::Environment
            | Self::Service
            | Self::Principal
            | Self::Address
            | Self::UserAgent
            | Self::Action
            | Self::Stream => false,
        }
    }
}

/// One value of a facet in a class, which used the old version or is an environment. Attempts that match two classes or
/// show another credential are left out, save old use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The class that it is a member of.
    pub class: ClassId,
    /// What tells it apart.
    pub facet: Facet,
    /// What its records show there.
    pub value: Arc<str>,
    /// When it made attempts: from the first to the last of each hour, in order.
    pub tries: Vec<Span>,
    /// The number of old uses.
    pub old_uses: u64,
    /// The first old use.
    pub first_old: Option<At>,
    /// The last old use before the change.
    pub last_old_before: Option<At>,
    /// The last old use.
    pub last_old: Option<At>,
    /// The instances that made its old uses, each with the last of these. `None`: the records name no instance.
    pub old_by: Vec<(Option<Arc<str>>, At)>,
    /// The last new use since the change, whatever its outcome.
    pub last_new: Option<At>,
    /// The first success with the new version since the change.
    pub first_new_success: Option<Timestamp>,
    /// The last success before the change that is not with the new version.
    pub baseline_success: Option<At>,
    /// The only log source that shows it. `None` if several do: then their clocks may differ.
    pub stream: Option<StreamId>,
    /// Is the value the marker itself, as logged?
    pub is_marker: bool,
}

impl Holder {
    /// Does it show both versions?
    pub fn shows_both(&self) -> bool {
        self.last_old.is_some() && self.last_new.is_some()
    }
}

/// Values of a facet in a class that are not followed, since there are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The class that shows them.
    pub class: ClassId,
    /// What they would tell apart.
    pub facet: Facet,
    /// How many values.
    pub values: u64,
    /// Does one of them show both versions?
    pub has_both: bool,
    /// The last old use of any of them, if it is not before the change.
    pub old_since: Option<At>,
}

/// Old uses of an instance of a class in one minute, since the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldMinute {
    /// The class that made them.
    pub class: ClassId,
    /// The running copy, if logged.
    pub instance: Option<Arc<str>>,
    /// The first of these uses.
    pub first: At,
    /// The last of these uses.
    pub last: At,
}
