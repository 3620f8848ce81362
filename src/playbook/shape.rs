//! Whether a file has the shape of a playbook: unknown and missing keys, wrong types, each with a hint.
//!
//! What is wrong is reported and then replaced by something harmless of the right shape, so that the rest
//! of the same table is still checked.

use super::schema::schema;
use super::spans::{Document, join, split};
use jsonschema::error::{ValidationError, ValidationErrorKind};
use serde_json::{Map, Value};
use std::sync::LazyLock;

/// The schema and its validator: made once, they cost as much as a hundred checks.
static SCHEMA: LazyLock<(Value, jsonschema::Validator)> = LazyLock::new(|| {
    let schema = schema();
    let validator = jsonschema::validator_for(&schema).expect("our own schema is a schema");
    (schema, validator)
});

/// Keys under which people write secrets, and what to write instead.
const SECRETS: &[(&str, &str)] = &[
    ("password", "password_env"),
    ("passwd", "password_env"),
    ("secret", "password_env"),
    ("credentials", "password_env"),
    ("token", "bearer_env"),
    ("bearer", "bearer_env"),
    ("api_key", "header = { name, value_env }"),
    ("apikey", "header = { name, value_env }"),
    ("value", "value_env"),
];

/// Reports every fault of shape and makes the document sound.
pub(super) fn settle(document: &mut Document<'_>) {
    let (schema, validator) = &*SCHEMA;
    let checked = document.value.clone();
    let errors = flatten(validator.iter_errors(&checked).map(ValidationError::to_owned).collect());
    // Unknown keys first: one that is a slip for a required key explains why that one is missing.
    let (unknown, rest): (Vec<_>, Vec<_>) = errors
        .into_iter()
        .partition(|error| matches!(error.kind(), ValidationErrorKind::AdditionalProperties { .. }));
    for error in &unknown {
        if let ValidationErrorKind::AdditionalProperties { unexpected } = error.kind() {
            let at = error.instance_path().as_str();
            unexpected.iter().for_each(|key| unknown_key(document, schema, at, key));
        }
    }
    for error in &rest {
        let at = error.instance_path().as_str();
        match error.kind() {
            ValidationErrorKind::Required { property } => {
                missing_key(document, schema, at, property.as_str().unwrap_or_default());
            }
            kind => wrong_value(document, schema, at, kind, &error.to_string()),
        }
    }
}

/// Errors of a union become the errors of the branch that was meant, if the type of the value says which.
fn flatten(errors: Vec<ValidationError<'static>>) -> Vec<ValidationError<'static>> {
    let mut flat = Vec::new();
    for error in errors {
        let at = error.instance_path().as_str().to_owned();
        let meant = match error.kind() {
            ValidationErrorKind::AnyOf { context } => context.iter().position(|branch| {
                !branch.iter().any(|inner| {
                    matches!(inner.kind(), ValidationErrorKind::Type { .. }) && inner.instance_path().as_str() == at
                })
            }),
            _ => None,
        };
        match (meant, error.into_parts().kind_with_path(at)) {
            (Some(branch), (ValidationErrorKind::AnyOf { mut context }, _)) => flat.extend(context.swap_remove(branch)),
            (_, (kind, at)) => flat.push(ValidationError::custom(format!("{kind:?}{at}"))),
        }
    }
    flat
}
