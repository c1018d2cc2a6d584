//! The real Faust's recorded answers, held against ours inside WebAssembly: in Node, and in a browser
//! where WASM_BINDGEN_USE_BROWSER is set.

#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::wasm_bindgen_test;

#[path = "../../streamgauge/tests/replay/mod.rs"]
mod replay;

const VECTORS: [(&str, &str); 5] = [
    (
        "default",
        include_str!("../../../tests/vectors/default.jsonl"),
    ),
    (
        "no-history",
        include_str!("../../../tests/vectors/no-history.jsonl"),
    ),
    (
        "restored",
        include_str!("../../../tests/vectors/restored.jsonl"),
    ),
    (
        "short-histories",
        include_str!("../../../tests/vectors/short-histories.jsonl"),
    ),
    ("small", include_str!("../../../tests/vectors/small.jsonl")),
];

#[wasm_bindgen_test]
fn every_recorded_answer_of_faust_is_ours_too() {
    let mut answers = 0;
    for (name, trace) in VECTORS {
        let checked = replay::replay(name, trace);
        assert!(
            checked.failures.is_empty(),
            "{}",
            checked.failures.join("\n")
        );
        answers += checked.answers;
    }
    assert_eq!(answers, replay::ANSWERS);
}
