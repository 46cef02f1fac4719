//! Count tables as Parquet: the same bytes for the same table, and damage is an error.
//!
//! In: a [`Table`]. Out: one row group, words dictionary-encoded, integers of 64 bits or decimals of 38 digits.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Decimal128Array, DictionaryArray, Int64Array, RecordBatch, StringArray,
    UInt32Array,
};
use arrow::datatypes::{DataType, Decimal128Type, Field, Int64Type, Schema};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::table::{KeyColumn, Table, TableBuilder, TableSpec};
use crate::error::{Error, Result};

/// Digits of the widest integers that Parquet readers agree on.
const DECIMAL_DIGITS: u8 = 38;
const DECIMAL_MAX: u128 = 10_u128.pow(DECIMAL_DIGITS as u32) - 1;

impl Table {
    /// Returns the table as a Parquet file; fails only when an integer has more than 38 digits.
    pub fn write(&self) -> Result<Vec<u8>> {
        let keys =
            self.spec().keys.iter().zip(self.key_columns()).map(|(name, column)| (*name, words(column)));
        let values = self.spec().values.iter().zip(self.value_columns());
        let values = values.map(|(name, column)| (*name, integers(column)));
        let (names, columns): (Vec<&str>, Vec<ArrayRef>) = keys.chain(values).unzip();
        let wrap = |error: String| Error::Format { path: self.spec().name.into(), message: error };
        if self.value_columns().iter().flatten().any(|value| value.unsigned_abs() > DECIMAL_MAX) {
            return Err(wrap("an integer has more than 38 digits".to_owned()));
        }
        let fields = names.iter().zip(&columns);
        let fields = fields.map(|(name, column)| Field::new(*name, column.data_type().clone(), false));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let batch = RecordBatch::try_new(schema, columns).map_err(|error| wrap(error.to_string()))?;
        parquet_bytes(&batch, true).map_err(|error| wrap(error.to_string()))
    }

    /// Reads a Parquet file that [`Table::write`] made; `path` is named when it is damaged or of another form.
    ///
    /// `hash` is the file's [`hash`] as its writer noted it. Bytes with another hash are refused unread, because the `parquet`
    /// crate panics on some damaged pages.
    pub fn read(spec: &'static TableSpec, path: &Path, bytes: Vec<u8>, hash: &str) -> Result<Self> {
        if self::hash(&bytes) != hash {
            return Err(Error::format(path)("damaged: its content is not what was written"));
        }
        let reader =
            ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes)).map_err(Error::format(path))?;
        let found: Vec<&String> = reader.schema().fields().iter().map(|field| field.name()).collect();
        let expected: Vec<&&str> = spec.keys.iter().chain(spec.values).collect();
        if found != expected {
            return Err(Error::format(path)(format!("columns {found:?} instead of {expected:?}")));
        }
        let mut builder = TableBuilder::new(spec);
        for batch in reader.build().map_err(Error::format(path))? {
            add_batch(&mut builder, spec, &batch.map_err(Error::format(path))?)
                .map_err(Error::format(path))?;
        }
        Ok(builder.finish())
    }
}

/// Returns the BLAKE3 hash of a file's content, in hexadecimal digits.
pub fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// Writes one batch as one row group with fixed properties; `plain` leaves the Arrow schema out of the file.
pub(crate) fn parquet_bytes(batch: &RecordBatch, plain: bool) -> parquet::errors::Result<Vec<u8>> {
    let properties = WriterProperties::builder()
        .set_created_by("concord".to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_max_row_group_row_count(None)
        .build();
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(plain);
    let mut writer = ArrowWriter::try_new_with_options(Vec::new(), batch.schema(), options)?;
    writer.write(batch)?;
    writer.into_inner()
}

fn words(column: &KeyColumn) -> ArrayRef {
    let codes = UInt32Array::from(column.codes.clone());
    let words = Arc::new(StringArray::from_iter_values(&column.words));
    Arc::new(DictionaryArray::new(codes, words))
}

fn integers(column: &[i128]) -> ArrayRef {
    let narrow: Option<Vec<i64>> = column.iter().map(|value| i64::try_from(*value).ok()).collect();
    match narrow {
        Some(values) => Arc::new(Int64Array::from(values)),
        None => {
            let wide = Decimal128Array::from_iter_values(column.iter().copied());
            let wide = wide.with_precision_and_scale(DECIMAL_DIGITS, 0);
            Arc::new(wide.expect("38 digits without decimals are a decimal type"))
        }
    }
}

fn add_batch(
    builder: &mut TableBuilder,
    spec: &TableSpec,
    batch: &RecordBatch,
) -> std::result::Result<(), String> {
    let (keys, values) = batch.columns().split_at(spec.keys.len());
    let keys: Option<Vec<&StringArray>> = keys.iter().map(|column| column.as_string_opt()).collect();
    let keys = keys.ok_or("a key column does not hold text")?;
    let values: Vec<Vec<i128>> =
        values.iter().map(read_integers).collect::<Option<_>>().ok_or("not integers")?;
    if batch.columns().iter().any(|column| column.null_count() > 0) {
        return Err("an empty cell".to_owned());
    }
    for row in 0..batch.num_rows() {
        let words: Vec<&str> = keys.iter().map(|column| column.value(row)).collect();
        let integers: Vec<i128> = values.iter().map(|column| column[row]).collect();
        builder.add(&words, &integers);
    }
    Ok(())
}

fn read_integers(column: &ArrayRef) -> Option<Vec<i128>> {
    match column.data_type() {
        DataType::Int64 => {
            Some(column.as_primitive::<Int64Type>().values().iter().map(|value| i128::from(*value)).collect())
        }
        DataType::Decimal128(DECIMAL_DIGITS, 0) => {
            Some(column.as_primitive::<Decimal128Type>().values().to_vec())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    static FORM: TableSpec = TableSpec { name: "t", keys: &["department", "level"], values: &["n", "sum"] };

    fn table(rows: &[(String, u8, i64, bool)]) -> Table {
        let mut builder = TableBuilder::new(&FORM);
        for (department, level, n, wide) in rows {
            let sum = i128::from(*n) * if *wide { 1_000_000_000_000 } else { 1 };
            builder.add(&[department, &level.to_string()], &[i128::from(*n) % 1000, sum]);
        }
        builder.finish()
    }

    fn read(spec: &'static TableSpec, bytes: Vec<u8>) -> Result<Table> {
        let hash = hash(&bytes);
        Table::read(spec, Path::new("t.parquet"), bytes, &hash)
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_and_written_again_the_same(
            rows in prop::collection::vec((".{0,5}", any::<u8>(), any::<i64>(), any::<bool>()), 0..50),
        ) {
            let table = table(&rows);
            let bytes = table.write().unwrap();
            let back = read(&FORM, bytes.clone()).unwrap();
            prop_assert_eq!(&back, &table);
            prop_assert_eq!(back.write().unwrap(), bytes);
        }
    }

    #[test]
    fn damage_is_an_error_with_the_path() {
        let bytes = table(&[("d".to_owned(), 1, 1, true)]).write().unwrap();
        let hash = hash(&bytes);
        let read = |bytes: &[u8]| Table::read(&FORM, Path::new("t.parquet"), bytes.to_vec(), &hash);
        assert!(read(&bytes).is_ok());
        for place in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[place] ^= 1;
            for damaged in [&damaged, &bytes[..place]] {
                let error = read(damaged).unwrap_err();
                assert!(error.to_string().starts_with("t.parquet: damaged"), "{error}");
            }
        }
    }

    #[test]
    fn a_file_that_is_no_table_is_refused() {
        for bytes in [b"".as_slice(), b"PAR1", b"PAR1xxxxPAR1", b"department,level\n"] {
            assert!(matches!(read(&FORM, bytes.to_vec()), Err(Error::Format { .. })));
        }
    }

    #[test]
    fn a_table_of_another_form_is_refused() {
        static OTHER: TableSpec = TableSpec { name: "t", keys: &["department"], values: &["n"] };
        let error = read(&OTHER, table(&[]).write().unwrap()).unwrap_err();
        assert!(matches!(error, Error::Format { .. }), "{error}");
    }

    #[test]
    fn an_integer_beyond_38_digits_is_refused() {
        let mut builder = TableBuilder::new(&FORM);
        builder.add(&["d", "1"], &[0, i128::MAX]);
        assert!(builder.finish().write().is_err());
    }
}
