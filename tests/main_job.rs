//! The README's main job, run as the README says, optimised as a user runs it: `cargo run --release --example digits`.

use std::path::Path;
use std::process::Command;

/// In PyTorch, networks of this size reach 0.94 to 0.95 on this split.
const ENOUGH: f64 = 0.93;

#[test]
fn digits_are_read_by_networks_of_five_seeds() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let accuracies = ["1", "2", "3", "4", "5"].map(|seed| {
        let output = Command::new(env!("CARGO"))
            .args(["run", "--release", "--quiet", "--example", "digits", "--", seed])
            .arg(folder)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("cargo starts");
        let (printed, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{errors}");
        let last = printed.lines().last().unwrap_or_default();
        let accuracy = last.strip_prefix("test accuracy: ").and_then(|accuracy| accuracy.parse::<f64>().ok());
        assert!(folder.join("digits.safetensors").exists());
        accuracy.unwrap_or_else(|| panic!("the last line is `{last}`"))
    });
    let mean = accuracies.iter().sum::<f64>() / 5.0;
    println!("test accuracies {accuracies:?}, mean {mean:.4}");
    assert!(mean >= ENOUGH, "{accuracies:?}");
}
