//! JSON Schemas of the events' data, generated from the types that read them.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use crate::{EventType, Particulars, Record};

/// The data of an event as it is meant, with the record's text opened up.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "read by the schema generator alone")]
struct DataShape {
    /// The JSON text in `data.record` holds this.
    record: Record,
    particulars: Option<Particulars>,
}

/// File name and content of every schema, in the order of [`EventType::ALL`].
pub fn all() -> Vec<(String, Value)> {
    EventType::ALL
        .iter()
        .map(|kind| (format!("{kind}.v1.json"), schema(kind)))
        .collect()
}

fn schema(kind: &EventType) -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<DataShape>().to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("$id".to_owned(), json!(kind.schema()));
        object.insert("title".to_owned(), json!(kind.as_str()));
        object.insert(
            "description".to_owned(),
            json!(
                "Data of the event. On the wire `record` is a JSON text holding the object described here."
            ),
        );
    }
    schema
}
