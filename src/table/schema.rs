/*! Plain tables as the engine's frames, and back. */

use polars::prelude::{
    Column, DataFrame, DataType, IntoColumn, IntoSeries, NamedFrom, NewChunkedArray, PolarsResult,
    Series, StringChunked, TimeUnit,
};

use super::engine_error::EngineError;
use super::plain_table::{Columns, PlainTable, Values};

/// A table as the engine's frame.
pub(super) fn frame(table: &PlainTable) -> PolarsResult<DataFrame> {
    let columns = table.columns.iter().map(|(name, values)| column(name, values));
    DataFrame::new(table.height(), columns.collect::<PolarsResult<_>>()?)
}

/// Rows without values: the names and types of their columns.
pub(super) fn empty(columns: Columns<'_>) -> PolarsResult<DataFrame> {
    let columns = columns.map(|(name, values)| column(name, &values));
    DataFrame::new(0, columns.collect::<PolarsResult<_>>()?)
}

/// One column as a frame.
pub(super) fn column_frame<T: AsRef<str>>(
    name: &str,
    values: &Values<T>,
) -> PolarsResult<DataFrame> {
    DataFrame::new(values.len(), vec![column(name, values)?])
}

fn column<T: AsRef<str>>(name: &str, values: &Values<T>) -> PolarsResult<Column> {
    Ok(series(name, values)?.into_column())
}

fn series<T: AsRef<str>>(name: &str, values: &Values<T>) -> PolarsResult<Series> {
    Ok(match values {
        Values::Text(values) => {
            let texts = values.iter().map(|text| text.as_ref().map(AsRef::as_ref));
            StringChunked::from_iter_options(name.into(), texts).into_series()
        }
        Values::I64(values) => Series::new(name.into(), values),
        Values::U64(values) => Series::new(name.into(), values),
        Values::U32(values) => Series::new(name.into(), values),
        Values::F64(values) => Series::new(name.into(), values),
        Values::Bool(values) => Series::new(name.into(), values),
        Values::Time(values) => Series::new(name.into(), values)
            .cast(&DataType::Datetime(TimeUnit::Microseconds, None))?,
    })
}

/// The engine's frame as a table.
pub(super) fn plain(frame: &DataFrame) -> Result<PlainTable, EngineError> {
    let columns: Result<Vec<(String, Values)>, EngineError> = frame
        .columns()
        .iter()
        .map(|column| Ok((column.name().to_string(), values(column)?)))
        .collect();
    Ok(PlainTable { columns: columns? })
}

fn values(column: &Column) -> Result<Values, EngineError> {
    let series = column.as_materialized_series();
    let cast = |ty: &DataType| series.cast(ty);
    Ok(match column.dtype() {
        DataType::String => {
            Values::Text(series.str()?.iter().map(|value| value.map(str::to_owned)).collect())
        }
        DataType::Boolean => Values::Bool(series.bool()?.iter().collect()),
        DataType::UInt64 => Values::U64(series.u64()?.iter().collect()),
        DataType::UInt32 => Values::U32(series.u32()?.iter().collect()),
        DataType::Float32 | DataType::Float64 => {
            Values::F64(cast(&DataType::Float64)?.f64()?.iter().collect())
        }
        DataType::Datetime(_, _) | DataType::Date => {
            let micros =
                cast(&DataType::Datetime(TimeUnit::Microseconds, None))?.cast(&DataType::Int64)?;
            Values::Time(micros.i64()?.iter().collect())
        }
        DataType::Null => Values::Text(vec![None; series.len()]),
        ty if ty.is_integer() => Values::I64(cast(&DataType::Int64)?.i64()?.iter().collect()),
        ty => {
            return Err(EngineError::Type {
                column: column.name().to_string(),
                ty: ty.to_string(),
            });
        }
    })
}
