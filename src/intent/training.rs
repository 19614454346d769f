//! Trains the model, and measures it on messages that it was not trained on. `scripts/train-intents` writes its weights.

#![allow(clippy::print_stdout, reason = "the figures are to be read")]

use std::collections::{BTreeMap, BTreeSet};

use super::model::{
    BUCKETS, CLASSES, Features, KNOWN_BITS, STEP, features, is_known, judge_by, places_of, probabilities, residue,
};
use super::tests::{Figures, Row, rows};
use super::*;

/// More of them learn the rows by heart.
const ROUNDS: usize = 12;
/// The first step.
const PACE: f32 = 1.0;
/// Pulls weights of rare pieces to zero.
const DECAY: f32 = 2e-5;
/// Parts of the cross-validation.
const FOLDS: usize = 5;
/// Of a hundred held back, as many are right at least.
const RIGHT: usize = 78;
/// Of a thousand wishes held back, most of them written to mislead, no more are eaten by the table and the model.
const EATEN: usize = 30;

fn all_rows() -> Vec<Row> {
    let mut all = rows(include_str!("../../tests/data/intents.jsonl"));
    all.extend(rows(include_str!("../../tests/data/intents-training.jsonl")));
    all
}

struct Example {
    features: Features,
    class: usize,
}

/// A row, read.
struct Reading {
    row: Row,
    scan: Scan,
    residue: Vec<usize>,
}

fn readings() -> Vec<Reading> {
    let read = |row: Row| {
        let scan = scan::scan(&row.text);
        Reading { residue: residue(&scan), scan, row }
    };
    all_rows().into_iter().map(read).collect()
}

/// The bytes of a model of these rows: the weights, then which residue is in more than one row.
fn model(readings: &[&Reading]) -> Vec<u8> {
    let mut rows = BTreeMap::<usize, u32>::new();
    for reading in readings {
        for name in reading.residue.iter().collect::<BTreeSet<_>>() {
            *rows.entry(*name).or_default() += 1;
        }
    }
    let mut known = vec![0_u8; KNOWN_BITS / 8];
    for bit in rows.iter().filter(|(_, rows)| **rows > 1).flat_map(|(name, _)| places_of(*name)) {
        known[bit / 8] |= 1 << (bit % 8);
    }
    let examples: Vec<Example> = readings
        .iter()
        .map(|Reading { row, scan, .. }| {
            let class = CLASSES.iter().position(|intent| *intent == row.intent).unwrap();
            Example { features: features(&row.text, scan, |name| is_known(&known, name)), class }
        })
        .collect();
    let mut bytes = train(&examples);
    bytes.extend(known);
    bytes
}

/// `AdaGrad` over the rows in an order that a fixed generator mixes anew in each round.
fn train(examples: &[Example]) -> Vec<u8> {
    let mut weights = vec![0.0_f32; BUCKETS * CLASSES.len()];
    let mut squares = vec![0.0_f32; BUCKETS * CLASSES.len()];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut seed: u64 = 1;
    for _ in 0..ROUNDS {
        for last in (1..order.len()).rev() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            order.swap(last, (seed >> 33) as usize % (last + 1));
        }
        for at in &order {
            let Example { features, class } = &examples[*at];
            let probabilities = probabilities(features, |at| weights[at]);
            for (place, value) in features {
                for (other, probability) in probabilities.iter().enumerate() {
                    let at = place * CLASSES.len() + other;
                    let error = probability - if other == *class { 1.0 } else { 0.0 };
                    let slope = error * value + DECAY * weights[at];
                    squares[at] += slope * slope;
                    weights[at] -= PACE * slope / (squares[at].sqrt() + 1e-6);
                }
            }
        }
    }
    #[allow(clippy::cast_possible_truncation, reason = "it is clamped")]
    weights.iter().map(|weight| ((weight / STEP).round().clamp(-127.0, 127.0) as i8).cast_unsigned()).collect()
}

#[test]
fn the_weights_are_what_training_gives() {
    let readings = readings();
    let model = model(&readings.iter().collect::<Vec<_>>());
    if std::env::var_os("TRAIN_INTENTS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/config/intents.model"), &model).unwrap();
    } else {
        assert!(include_bytes!("../../config/intents.model") == &model[..], "run scripts/train-intents");
    }
}

/// Of one template, all rows are in the same part, so that none is judged by its twins.
fn fold_of(row: &Row) -> usize {
    let name = row.group.as_ref().unwrap_or(&row.text);
    name.bytes().fold(7_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())) % FOLDS
}

#[test]
fn messages_held_back_from_training_are_understood_and_none_is_exported_by_mistake() {
    let readings = readings();
    let mut judged = Vec::new();
    for fold in 0..FOLDS {
        let kept: Vec<&Reading> = readings.iter().filter(|reading| fold_of(&reading.row) != fold).collect();
        let model = model(&kept);
        for Reading { row, scan, .. } in readings.iter().filter(|reading| fold_of(&reading.row) == fold) {
            judged.push((row, judge_by(&model, &row.text, scan)));
        }
    }
    let mut figures = Figures::default();
    for (row, said) in &judged {
        figures.count(row, judge_with(&row.text, |_| *said).0);
    }
    figures.print("held back from training");
    let mut by_table = Figures::default();
    for (row, _) in &judged {
        by_table.count(row, judge_with(&row.text, |_| (Intent::Chat, 1.0)).0);
    }
    by_table.print("the same by the table alone");
    sweep(&judged);
    assert!(figures.right * 100 >= figures.rows * RIGHT, "{} right", figures.right);
    assert!(figures.eaten * 1000 <= figures.chat * EATEN, "{} wishes eaten", figures.eaten);
}

/// Prints what thresholds would give, to choose them by.
fn sweep(judged: &[(&Row, (Intent, f32))]) {
    for class in CLASSES.into_iter().skip(1) {
        for at in [0.80_f32, 0.85, 0.90, 0.93, 0.95, 0.97] {
            let raised = judged.iter().filter(|(row, said)| {
                said.0 == class
                    && said.1 >= at
                    && judge_with(&row.text, |_| (Intent::Chat, 1.0)).0 == Intent::Chat
                    && judge_with(&row.text, |_| (class, 1.0)).0 == class
            });
            let (right, wrong): (Vec<_>, Vec<_>) = raised.partition(|(row, _)| row.intent == class);
            let chat = wrong.iter().filter(|(row, _)| row.intent == Intent::Chat).count();
            println!("  {class} from {at}: {} right, {} wrong, {chat} of them chat", right.len(), wrong.len());
        }
    }
}
