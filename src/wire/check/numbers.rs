/*! Sums balance, and no part is larger than its whole. */

use super::checked::{Checked, require};
use crate::wire::{Accounting, Real, Report, Share};

pub(super) fn check(report: &Report) -> Checked {
    accounting(report)?;
    for class in &report.classes {
        let shares = [
            class.degraded.before,
            class.degraded.after,
            class.failures.before,
            class.failures.after,
        ];
        require(shares.into_iter().all(|Share { n, of }| n <= of), || {
            format!("a share of `{}` is more than all", class.name)
        })?;
        let bound = class.silence.chances.bound;
        require(is_probability(bound), || format!("the bound of `{}` is not a share", class.name))?;
    }
    for finding in &report.findings {
        let Some(numbers) = finding.numbers else { continue };
        require(is_probability(numbers.p), || format!("the p of {} is not one", finding.id))?;
    }
    Ok(())
}

fn is_probability(number: Option<Real>) -> bool {
    number.is_none_or(|Real(number)| (0.0..=1.0).contains(&number))
}

fn accounting(report: &Report) -> Checked {
    let mut total =
        Accounting { records: 0, evidence: 0, irrelevant: 0, rejected: 0, duplicate: 0 };
    for input in &report.inputs {
        require(input.sha256.is_none() || input.blake3.is_none(), || {
            format!("the input `{}` has two digests", input.path)
        })?;
        balances(&input.tally, &format!("`{}`", input.path))?;
        total = sum(total, input.tally).ok_or_else(|| "its sums are too large".to_owned())?;
    }
    balances(&report.accounting, "all inputs")?;
    require(total == report.accounting, || {
        "the sums of its inputs do not add up to its own".to_owned()
    })
}

fn balances(of: &Accounting, whose: &str) -> Checked {
    let parts = [of.evidence, of.irrelevant, of.rejected, of.duplicate];
    let sum = parts.into_iter().try_fold(0_u64, u64::checked_add);
    require(sum == Some(of.records), || format!("the sums of {whose} do not add up"))
}

fn sum(one: Accounting, other: Accounting) -> Option<Accounting> {
    Some(Accounting {
        records: one.records.checked_add(other.records)?,
        evidence: one.evidence.checked_add(other.evidence)?,
        irrelevant: one.irrelevant.checked_add(other.irrelevant)?,
        rejected: one.rejected.checked_add(other.rejected)?,
        duplicate: one.duplicate.checked_add(other.duplicate)?,
    })
}
