/*! Conditions on the fields of a record. */

use super::expression::Expression;

/// What the value of a field is compared with.
#[derive(Clone, Debug)]
pub enum ValueTest {
    /// The whole value is this text.
    Text(String),
    /// The expression matches somewhere in the value.
    Expression(Expression),
}

impl ValueTest {
    /// Whether the value passes the test.
    pub fn holds(&self, value: &str) -> bool {
        match self {
            Self::Text(text) => text == value,
            Self::Expression(regex) => regex.is_match(value),
        }
    }
}

/// Pointers of fields, each with tests of which its value must pass one. All fields must pass.
pub type Conditions = Vec<(String, Vec<ValueTest>)>;
