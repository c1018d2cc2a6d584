//! Snapshots' forms and their sum.

use streamgauge::merge;

use crate::Component;
use crate::interfaces::snapshots::{Form, Guest, Snapshot};
use crate::interfaces::types::Error;

fn read(snapshot: &Snapshot) -> Result<streamgauge::Snapshot, Error> {
    Ok(match snapshot {
        Snapshot::Json(text) => streamgauge::Snapshot::from_json(text)?,
        Snapshot::Cbor(bytes) => streamgauge::Snapshot::from_cbor(bytes)?,
    })
}

pub(crate) fn written(snapshot: &streamgauge::Snapshot, form: Form) -> Snapshot {
    match form {
        Form::Json => Snapshot::Json(snapshot.to_json()),
        Form::Cbor => Snapshot::Cbor(snapshot.to_cbor()),
    }
}

impl Guest for Component {
    fn convert(snapshot: Snapshot, form: Form) -> Result<Snapshot, Error> {
        Ok(written(&read(&snapshot)?, form))
    }

    fn merge(snapshots: Vec<Snapshot>, form: Form) -> Result<Snapshot, Error> {
        let snapshots: Result<Vec<_>, Error> = snapshots.iter().map(read).collect();
        Ok(written(&merge(&snapshots?)?, form))
    }
}
