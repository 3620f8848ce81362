//! The walls of the house: imports point up, pure rooms stay pure, nothing imports in a circle.

use goaround::kind::KINDS;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use syn::visit::Visit;

/// Rooms that may mention no clock, disk, network, process or runtime.
const PURE: &[&str] = &["text", "kind", "playbook", "metrics", "incident", "report", "cockpit"];

/// What a pure room may not mention; a path starts with one of these or holds it.
const IMPURE: &[&[&str]] = &[
    &["std", "fs"],
    &["std", "net"],
    &["std", "process"],
    &["std", "env"],
    &["std", "thread"],
    &["std", "io", "stdin"],
    &["std", "io", "stdout"],
    &["tokio"],
    &["reqwest"],
    &["rustix"],
    &["tempfile"],
    &["SystemTime"],
    &["Instant"],
    &["Utc", "now"],
    &["Local"],
];

/// Rooms that the cockpit, which draws and nothing else, may not see.
const COCKPIT_BLIND: &[&str] = &["journal", "backend", "drill"];

#[test]
fn imports_point_up() {
    let order = rooms();
    for file in files() {
        let Some(room) = room_of(&file.path) else { continue };
        let place = order.iter().position(|other| *other == room).expect("every folder of src is a room of lib.rs");
        for path in &file.paths {
            let Some(other) = path.strip_prefix_room() else { continue };
            let Some(other_place) = order.iter().position(|name| *name == other) else { continue };
            assert!(other_place <= place, "{}: {room} imports {other}, which lies below it", file.path.display());
        }
    }
}

#[test]
fn pure_rooms_mention_no_clock_disk_network_or_runtime() {
    for file in files() {
        let Some(room) = room_of(&file.path).filter(|room| PURE.contains(&room.as_str())) else { continue };
        if is_test(&file.path) {
            continue;
        }
        for path in &file.paths {
            let guilty = IMPURE.iter().find(|words| path.0.windows(words.len()).any(|window| window == **words));
            assert!(guilty.is_none(), "{}: {room} is pure and mentions {}", file.path.display(), path.0.join("::"));
        }
    }
}

#[test]
fn the_cockpit_sees_no_journal_backend_or_drill() {
    for file in files().into_iter().filter(|file| room_of(&file.path).as_deref() == Some("cockpit")) {
        for other in file.paths.iter().filter_map(Paths::strip_prefix_room) {
            assert!(!COCKPIT_BLIND.contains(&other.as_str()), "{} imports {other}", file.path.display());
        }
    }
}

/// A folder's files may use what the folder shares (`super`); among each other they form no circle.
#[test]
fn siblings_import_in_no_circle() {
    let mut folders: BTreeMap<PathBuf, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for file in files().iter().filter(|file| !is_test(&file.path)) {
        for path in &file.paths {
            if let Some((folder, from, to)) = sibling_edge(&file.path, path) {
                folders.entry(folder).or_default().entry(from).or_default().insert(to);
            }
        }
    }
    assert!(!folders.is_empty(), "the walk found no imports at all, so it proves nothing");
    for (folder, edges) in folders {
        if let Some(circle) = circle(&edges) {
            panic!("{}: {} import each other in a circle", folder.display(), circle.join(" -> "));
        }
    }
}

#[test]
fn the_top_level_holds_only_what_the_design_names() {
    const NAMED: &[&str] =
        &["Cargo.toml", "Cargo.lock", "src", "themes", "fixtures", "tests", "README.md", "LICENSE", "target"];
    for entry in fs::read_dir(root()).expect("the project's folder") {
        let name = entry.expect("an entry").file_name().into_string().expect("a name");
        assert!(name.starts_with('.') || NAMED.contains(&name.as_str()), "{name} does not belong at the top level");
    }
}

/// What else may name one kind: what Prometheus alone can do, answer many metrics at once.
const BATCHED: (&str, &str) = ("Prometheus", "prometheus");

/// A new kind touches two places, its own file and its row in `KINDS`, so nothing else may tell kinds apart.
#[test]
fn a_kind_is_named_in_its_own_file_and_in_the_table_only() {
    let kinds: Vec<String> = KINDS.iter().map(|row| row.name.to_owned()).collect();
    let variants: Vec<String> = kinds.iter().map(|name| name[..1].to_uppercase() + &name[1..]).collect();
    let (mut batched, kind_folder) = (0, root().join("src/kind"));
    for name in &kinds {
        let own = [format!("{name}.rs"), format!("{name}/mod.rs")].iter().any(|file| kind_folder.join(file).is_file());
        assert!(own, "the kind {name} has no file of its name");
    }
    for file in files().iter().filter(|file| !is_test(&file.path) && !file.path.starts_with(&kind_folder)) {
        for pair in file.paths.iter().flat_map(|path| path.0.windows(2)) {
            let variant = ["Call", "BackendConfig"].contains(&&*pair[0]) && variants.contains(&pair[1]);
            let module = pair[0] == "kind" && kinds.contains(&pair[1]);
            batched += usize::from(variant && pair[1] == BATCHED.0);
            let guilty = (variant && pair[1] != BATCHED.0) || (module && pair[1] != BATCHED.1);
            assert!(!guilty, "{}: names the kind {}", file.path.display(), pair.join("::"));
        }
    }
    assert!(batched > 2, "the walk found too few names to prove anything");
}

struct File {
    path: PathBuf,
    paths: Vec<Paths>,
}

/// One path as written, made absolute: `crate`, room, …
#[derive(Debug)]
struct Paths(Vec<String>);

impl Paths {
    fn strip_prefix_room(&self) -> Option<String> {
        (self.0.first()? == "crate").then(|| self.0.get(1).cloned())?
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The rooms in the order of `lib.rs`.
fn rooms() -> Vec<String> {
    let text = fs::read_to_string(root().join("src/lib.rs")).expect("src/lib.rs");
    let lib = syn::parse_file(&text).expect("src/lib.rs parses");
    let module = |item: &syn::Item| match item {
        syn::Item::Mod(module) => Some(module.ident.to_string()),
        _ => None,
    };
    lib.items.iter().filter_map(module).collect()
}

fn files() -> Vec<File> {
    let mut files = Vec::new();
    walk(&root().join("src"), &mut files);
    assert!(files.len() > 20, "the walk found too few files to prove anything");
    files
}

fn walk(folder: &Path, files: &mut Vec<File>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a source file");
            let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let mut collect = Collect { module: module_of(&path), paths: Vec::new() };
            collect.visit_file(&parsed);
            files.push(File { path, paths: collect.paths });
        }
    }
}

/// The module a file is: `src/app/live/mod.rs` is `crate::app::live`.
fn module_of(path: &Path) -> Vec<String> {
    let relative = path.strip_prefix(root().join("src")).expect("below src");
    let mut names = vec!["crate".to_owned()];
    names.extend(relative.with_extension("").iter().map(|name| name.to_string_lossy().into_owned()));
    if matches!(names.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        names.pop();
    }
    names
}

fn room_of(path: &Path) -> Option<String> {
    let room = module_of(path).get(1).cloned()?;
    rooms().contains(&room).then_some(room)
}

fn is_test(path: &Path) -> bool {
    module_of(path).iter().any(|name| name == "tests")
}

/// `(folder, from, to)` when a path of this file leads into a sibling of the file or of a folder it lies in.
fn sibling_edge(file: &Path, path: &Paths) -> Option<(PathBuf, String, String)> {
    let from = module_of(file);
    let shared = from.iter().zip(&path.0).take_while(|(a, b)| a == b).count();
    let (mine, theirs) = (from.get(shared)?, path.0.get(shared)?);
    let folder: PathBuf = from[..shared].iter().skip(1).collect();
    let is_module = |name: &str| {
        let at = root().join("src").join(&folder);
        at.join(name).is_dir() || at.join(format!("{name}.rs")).is_file()
    };
    (path.0.first()? == "crate" && shared > 1 && is_module(theirs)).then(|| (folder, mine.clone(), theirs.clone()))
}

fn circle(edges: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    fn follow(at: &str, edges: &BTreeMap<String, BTreeSet<String>>, way: &mut Vec<String>) -> bool {
        if let Some(start) = way.iter().position(|name| name == at) {
            way.drain(..start);
            way.push(at.to_owned());
            return true;
        }
        way.push(at.to_owned());
        let found = edges.get(at).into_iter().flatten().any(|next| follow(next, edges, way));
        if !found {
            way.pop();
        }
        found
    }
    edges.keys().find_map(|start| {
        let mut way = Vec::new();
        follow(start, edges, &mut way).then_some(way)
    })
}

struct Collect {
    module: Vec<String>,
    paths: Vec<Paths>,
}

impl Collect {
    /// Makes `self::` and `super::` absolute.
    fn push(&mut self, path: &[String]) {
        let mut absolute: Vec<String> = Vec::new();
        for name in path {
            match name.as_str() {
                "self" if absolute.is_empty() => absolute.clone_from(&self.module),
                "super" if absolute.is_empty() => absolute = self.module[..self.module.len() - 1].to_vec(),
                "super" => drop(absolute.pop()),
                "self" => {}
                _ => absolute.push(name.clone()),
            }
        }
        self.paths.push(Paths(absolute));
    }

    /// Takes the paths out of tokens that only a macro understands (`super :: clock :: Edge :: names ()`).
    fn tokens(&mut self, tokens: &str) {
        let words: Vec<&str> = tokens.split_whitespace().collect();
        for (place, word) in words.iter().enumerate().filter(|(_, word)| ["crate", "super"].contains(word)) {
            let mut path = vec![(*word).to_owned()];
            let mut rest = words[place + 1..].chunks_exact(2);
            while let Some(["::", name]) = rest.next() {
                path.push((*name).to_owned());
            }
            self.push(&path);
        }
    }

    fn tree(&mut self, tree: &syn::UseTree, before: &[String]) {
        let with = |name: &syn::Ident| before.iter().cloned().chain([name.to_string()]).collect::<Vec<_>>();
        match tree {
            syn::UseTree::Path(path) => self.tree(&path.tree, &with(&path.ident)),
            syn::UseTree::Name(name) => self.push(&with(&name.ident)),
            syn::UseTree::Rename(name) => self.push(&with(&name.ident)),
            syn::UseTree::Glob(_) => self.push(before),
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(item, before)),
        }
    }
}

impl<'ast> Visit<'ast> for Collect {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&item.tree, &[]);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if let syn::Meta::List(list) = &attribute.meta {
            self.tokens(&list.tokens.to_string());
        }
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.tokens(&call.tokens.to_string());
        syn::visit::visit_macro(self, call);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.push(&names);
        syn::visit::visit_path(self, path);
    }
}
