//! Values on their way to and from `PostgreSQL`: parameters as text, the first column as text.

use bytes::{BufMut, BytesMut};
use std::error::Error;
use tokio_postgres::{
    SimpleQueryMessage,
    types::{Format, FromSql, IsNull, ToSql, Type},
};

/// A parameter in its text form, whatever type the server has inferred for it.
#[derive(Debug)]
pub(super) struct Param<'a>(pub(super) &'a str);

impl ToSql for Param<'_> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        out.put_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    tokio_postgres::types::to_sql_checked!();
}

/// Parameters as the library takes them.
pub(super) fn all<'a>(params: &'a [Param<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    params.iter().map(|param| param as &(dyn ToSql + Sync)).collect()
}

/// The first column of each row.
pub(super) fn first_column(messages: &[SimpleQueryMessage]) -> Vec<Option<&str>> {
    let rows = messages.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        // The library may learn of more kinds of message; none of them is a row.
        _ => None,
    });
    rows.map(|row| if row.is_empty() { None } else { row.get(0) }).collect()
}

/// A value of a statement that changes something, as `psql` would print it. The library reads in binary only, so
/// the types are few; any other is cast to text by who writes the statement.
pub(super) struct Shown(pub(super) String);

impl Shown {
    pub(super) fn can_read(kind: &Type) -> bool {
        <Self as FromSql>::accepts(kind)
    }
}

impl<'a> FromSql<'a> for Shown {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(match *kind {
            Type::BOOL => if bool::from_sql(kind, raw)? { "t" } else { "f" }.to_owned(),
            Type::INT2 => i16::from_sql(kind, raw)?.to_string(),
            Type::INT4 => i32::from_sql(kind, raw)?.to_string(),
            Type::INT8 => i64::from_sql(kind, raw)?.to_string(),
            Type::VOID => String::new(),
            _ => <&str>::from_sql(kind, raw)?.to_owned(),
        }))
    }

    fn accepts(kind: &Type) -> bool {
        let numbers = [Type::BOOL, Type::INT2, Type::INT4, Type::INT8, Type::VOID];
        numbers.contains(kind) || <&str as FromSql>::accepts(kind)
    }
}
