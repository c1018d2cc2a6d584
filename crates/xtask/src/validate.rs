//! Whether files are valid WebAssembly components.

use std::fs;

use wasmparser::{Encoding, Parser, Payload, Validator};

/// Validates each file; the first that is none is told with the place of its fault.
pub(crate) fn all(files: &[&str]) -> Result<(), String> {
    for file in files {
        let bytes = fs::read(file).map_err(|error| format!("{file}: {error}"))?;
        component(&bytes).map_err(|fault| format!("{file}: {fault}"))?;
        println!("{file} is a valid component");
    }
    Ok(())
}

fn component(bytes: &[u8]) -> Result<(), String> {
    let first = Parser::new(0).parse_all(bytes).next();
    match first.transpose().map_err(|fault| fault.to_string())? {
        Some(Payload::Version {
            encoding: Encoding::Component,
            ..
        }) => {}
        _ => return Err("not a component but a core module".into()),
    }
    let valid = Validator::new().validate_all(bytes);
    valid.map(drop).map_err(|fault| fault.to_string())
}

#[cfg(test)]
mod tests {
    use super::component;

    /// The version and layer that every component begins with.
    const EMPTY: [u8; 8] = [0, b'a', b's', b'm', 0x0D, 0, 1, 0];

    #[test]
    fn an_empty_component_is_valid() {
        assert_eq!(component(&EMPTY), Ok(()));
    }

    #[test]
    fn a_core_module_is_no_component() {
        let module = [0, b'a', b's', b'm', 1, 0, 0, 0];
        let fault = component(&module).unwrap_err();
        assert_eq!(fault, "not a component but a core module");
    }

    #[test]
    fn a_section_that_says_nonsense_is_refused_with_its_place() {
        let mut bytes = EMPTY.to_vec();
        // An export section with one export of an instance that is not there.
        bytes.extend([11, 7, 1, 0, 1, b'a', 5, 0, 0]);
        let fault = component(&bytes).unwrap_err();
        assert!(fault.contains("at offset 0x"), "{fault}");
    }
}
