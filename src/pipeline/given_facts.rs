/*! `report --facts`: the answers of another engine to the questions of a report, in the place of folds over the rows.
 * They are used only if they are of the evidence that this run judges.
 */

use std::collections::BTreeMap;
use std::path::Path;

use crate::facts::Answers;
use crate::query::{self, Known, QueryError};
use crate::scan::Row;
use crate::table::bundle::{self, Bundle, Params};
use crate::table::{FactFiles, PlainTable, PlanNames, Sealed, Values, evidence_sha256};

use super::error::Error;
use super::incomplete::Incomplete;
use super::request::Request;

/// Facts, and the evidence that they are of.
#[derive(Debug)]
pub(super) struct GivenFacts {
    files: FactFiles,
    tables: BTreeMap<&'static str, Vec<PlainTable>>,
    /// The digest of the evidence in the bundle; none if it lists none.
    evidence: Option<String>,
}

impl GivenFacts {
    /// The facts of a request, if it names any. They are of the one bundle that it names.
    pub(super) fn of(request: &Request) -> Result<Option<Self>, Error> {
        let Some(folder) = &request.facts else { return Ok(None) };
        let [path] = request.paths.as_slice() else { return Err(Incomplete::NoBundle.into()) };
        if !bundle::is_there(Path::new(path)) {
            return Err(Incomplete::NoBundle.into());
        }
        let Bundle { manifest, sha256, .. } = Bundle::open(Path::new(path))?;
        let files = FactFiles::open(folder, &sha256)?;
        let mut tables = BTreeMap::new();
        for (name, text) in query::needed() {
            tables.insert(name, files.tables(name, text)?);
        }
        let mut listed = manifest.files.into_iter();
        let evidence = listed.find(|file| file.name == "evidence.parquet").map(|file| file.sha256);
        Ok(Some(Self { files, tables, evidence }))
    }

    /// The answers, if they are for these instants and the evidence is that of the bundle: another plan gives other
    /// evidence over the same scans.
    pub(super) fn answers(
        self,
        sealed: &Sealed,
        names: &PlanNames,
        params: Params,
    ) -> Result<Answers, Error> {
        self.files.check_params(params)?;
        if self.evidence != Some(evidence_sha256(sealed, names)?) {
            return Err(self.files.of_other_evidence().into());
        }
        let is_known = |row: &Row| row.when.earliest().0 <= params.as_of_us;
        self.check_sum("activity", sealed, &|row| row.class.is_some())?;
        self.check_sum("undeclared_hours", sealed, &|row| row.class.is_none() && row.is_old_use())?;
        self.check_sum("old_hours", sealed, &|row| row.is_old_use() && is_known(row))?;
        Ok(query::given_answers(self.tables, &Known::of(sealed, names))?)
    }

    /// Some answers count each row of a kind once. An engine that lost rows in silence gives fewer.
    fn check_sum(
        &self,
        name: &str,
        sealed: &Sealed,
        counts: &dyn Fn(&Row) -> bool,
    ) -> Result<(), QueryError> {
        let column = "events";
        let tables = self.tables.get(name).into_iter().flatten();
        let numbers = |values: &Values| -> Vec<Option<i64>> {
            (0..values.len()).map(|row| values.int(row)).collect()
        };
        let given = tables.filter_map(|table| table.column(column)).flat_map(numbers).flatten();
        let rows = sealed.rows.iter().filter(|row| counts(row));
        let expected: i128 = rows.map(|row| i128::from(row.count)).sum();
        if given.map(i128::from).sum::<i128>() == expected {
            return Ok(());
        }
        let why = "does not add up to the evidence of the bundle";
        Err(QueryError::Given { name: name.to_owned(), column: column.to_owned(), why })
    }
}
