/*! Where the text columns that questions read stand in a row. */

use crate::model::columns::{Column, text_slot};

pub(super) const SERVICE: usize = slot(Column::ServiceName);
pub(super) const INSTANCE: usize = slot(Column::ServiceInstanceId);
pub(super) const HOST: usize = slot(Column::HostName);
pub(super) const ENVIRONMENT: usize = slot(Column::Environment);
pub(super) const PRINCIPAL: usize = slot(Column::Principal);
pub(super) const ADDRESS: usize = slot(Column::ClientAddress);
pub(super) const USER_AGENT: usize = slot(Column::UserAgent);
pub(super) const ACTION: usize = slot(Column::Action);
pub(super) const JOB_ID: usize = slot(Column::JobId);
pub(super) const TRACE_ID: usize = slot(Column::TraceId);
pub(super) const SESSION_ID: usize = slot(Column::SessionId);

/// The hints by which undeclared consumers are grouped: their names in facts, and where they are in a row.
pub const HINTS: [(&str, usize); 5] = [
    ("service_name", SERVICE),
    ("user_agent", USER_AGENT),
    ("principal", PRINCIPAL),
    ("client_address", ADDRESS),
    ("host_name", HOST),
];

const fn slot(column: Column) -> usize {
    text_slot(column).expect("a text column")
}
