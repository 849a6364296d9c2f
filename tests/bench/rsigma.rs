// SPDX-License-Identifier: Apache-2.0
//! RSigma beside konseki: `rsigma time RULES EVENTS N`, `rsigma match RULES EVENTS`.
//!
//! A program of one file against the crates of a checkout of timescale/rsigma
//! in RSIGMA: a Cargo.toml beside src/main.rs (this file) with
//!
//!     [package]
//!     name = "rsigma"
//!     version = "0.1.0"
//!     edition = "2021"
//!     [dependencies]
//!     rsigma-parser = { path = "RSIGMA/crates/rsigma-parser", default-features = false }
//!     rsigma-eval = { path = "RSIGMA/crates/rsigma-eval" }
//!     serde_json = "1"
//!     [profile.release]
//!     lto = "thin"
//!     codegen-units = 1
//!     [workspace]
//!
//! and cargo build --release.  Events are JSON objects, one on each line; the
//! member "logsource" says which rules are asked.  "time" parses them first and
//! times the engine alone, by its processor time as konseki; "match" prints the number of the event, the id of
//! the rule and its path, with tabs between.
use rsigma_eval::event::JsonEvent;
use rsigma_eval::{Engine, EvaluationResult};
use rsigma_parser::{parse_sigma_yaml, LogSource};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

fn walk(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, out)
        } else if matches!(path.extension().and_then(|e| e.to_str()), Some("yml" | "yaml")) {
            out.push(path)
        }
    }
}

/// Every rule's id gets its path, so that a match names both.
fn load(dir: &Path) -> Engine {
    let (mut files, mut rules, mut filters) = (Vec::new(), Vec::new(), Vec::new());
    walk(dir, &mut files);
    files.sort();
    for file in &files {
        let path = file.strip_prefix(dir).unwrap().display().to_string();
        match parse_sigma_yaml(&fs::read_to_string(file).unwrap_or_default()) {
            Ok(all) => {
                for e in &all.errors {
                    eprintln!("{path}: {e}")
                }
                for mut rule in all.rules {
                    rule.id = Some(format!("{}\t{path}", rule.id.unwrap_or_default()));
                    rules.push(rule)
                }
                filters.extend(all.filters)
            }
            Err(e) => eprintln!("{path}: {e}"),
        }
    }
    let mut engine = Engine::new();
    for (i, e) in engine.add_rules(rules.iter()) {
        eprintln!("{}: {e}", rules[i].id.as_deref().unwrap_or(""))
    }
    for filter in &filters {
        if let Err(e) = engine.apply_filter(filter) {
            eprintln!("{e}")
        }
    }
    engine
}

/// Takes the log source out of the event.
fn route(event: &mut Value) -> Option<LogSource> {
    let of = event.get("logsource")?.as_object()?.clone();
    event.as_object_mut()?.remove("logsource");
    let part = |k: &str| of.get(k).and_then(|v| v.as_str()).map(str::to_string);
    Some(LogSource {
        category: part("category"),
        product: part("product"),
        service: part("service"),
        ..Default::default()
    })
}

fn ask(engine: &Engine, event: &JsonEvent, of: &Option<LogSource>) -> Vec<EvaluationResult> {
    match of {
        Some(of) => engine.evaluate_with_logsource(event, of),
        None => engine.evaluate(event),
    }
}

/// Seconds of the processor, of this thread, which is the only one.
fn now() -> f64 {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let engine = load(Path::new(&args[2]));
    let lines = BufReader::new(fs::File::open(&args[3]).unwrap()).lines();
    let mut values: Vec<Value> = lines
        .map(|l| serde_json::from_str(&l.unwrap()).unwrap_or(Value::Null))
        .collect();
    let routes: Vec<_> = values.iter_mut().map(route).collect();
    let events: Vec<_> = values.iter().map(JsonEvent::borrow).collect();
    if args[1] == "match" {
        let mut out = BufWriter::new(std::io::stdout());
        for (i, event) in events.iter().enumerate() {
            for m in ask(&engine, event, &routes[i]) {
                writeln!(out, "{i}\t{}", m.header.rule_id.as_deref().unwrap_or("")).unwrap()
            }
        }
        return;
    }
    let n: usize = args[4].parse().unwrap();
    let (start, mut matches) = (now(), 0);
    for i in 0..n {
        let k = i % events.len();
        matches += ask(&engine, &events[k], &routes[k]).len()
    }
    println!(
        "events/s {:.0} rules {} events {} matches {}",
        n as f64 / (now() - start),
        engine.rule_count(),
        events.len(),
        matches
    );
}
