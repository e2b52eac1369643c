//! The hook for pre-commit, driven by the real pre-commit over a repository made here.
//!
//! pre-commit would build edgelint from this checkout, which takes minutes and a network. So the hook is
//! served from a repository that holds `.pre-commit-hooks.yaml` with one word exchanged: `language: rust`
//! becomes `language: system`, and the program that was built for these tests stands first in the path. All
//! else (entry, arguments, what triggers it) is what users get. Where pre-commit or git is missing the test
//! says so; `EDGELINT_NEEDS_PRE_COMMIT=1` makes that an error.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::{fresh, root};

/// A router with a circuit: its name, its two links, the prefix it advertises.
fn edge(name: &str, links: [u8; 2], prefix: &str) -> String {
    let mut text = format!("version 17.9\nhostname edge-{name}\n!\n");
    for (port, link) in links.into_iter().enumerate() {
        text.push_str(&format!(
            "interface TenGigabitEthernet0/0/{port}\n description er-{name} Microsoft peering\n \
             ip address 192.0.2.{link} 255.255.255.252\n!\n"
        ));
    }
    text.push_str("router bgp 64500\n");
    for peer in links.map(|link| link + 1) {
        text.push_str(&format!(
            " neighbor 192.0.2.{peer} remote-as 12076\n \
             neighbor 192.0.2.{peer} description er-{name} Microsoft peering\n"
        ));
    }
    text.push_str(&format!(" address-family ipv4\n  network {prefix} mask 255.255.255.240\n"));
    for peer in links.map(|link| link + 1) {
        text.push_str(&format!(
            "  neighbor 192.0.2.{peer} activate\n  neighbor 192.0.2.{peer} prefix-list OUT out\n"
        ));
    }
    text.push_str(&format!(
        " exit-address-family\n!\nip route {prefix} 255.255.255.240 Null0\n\
         ip prefix-list OUT seq 5 permit {prefix}/28\n!\nend\n"
    ));
    text
}

/// A repository with a hook.
struct Repository {
    folder: PathBuf,
    path: std::ffi::OsString,
    cache: PathBuf,
}

impl Repository {
    fn command(&self, folder: &Path, program: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(program);
        // The tests may themselves run in a hook, and a user's own settings of git are none of theirs.
        for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX", "SKIP"] {
            command.env_remove(name);
        }
        let who =
            ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"];
        command
            .current_dir(folder)
            .args(arguments)
            .env("PATH", &self.path)
            .env("PRE_COMMIT_HOME", &self.cache)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs(who.map(|name| (name, "someone@example.com")))
            .output()
            .unwrap_or_else(|error| panic!("{program}: {error}"))
    }

    fn git(&self, arguments: &[&str]) -> String {
        succeeded(&self.command(&self.folder, "git", arguments))
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        std::fs::create_dir_all(path.parent().expect("below the repository")).expect("a folder");
        std::fs::write(path, text).expect("written");
    }

    /// Commits what is staged; what the hook said where it refused.
    fn commit(&self, message: &str) -> Result<(), String> {
        let output = self.command(&self.folder, "git", &["commit", "-q", "-m", message]);
        if output.status.success() { Ok(()) } else { Err(all(&output)) }
    }
}

fn all(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn succeeded(output: &Output) -> String {
    assert!(output.status.success(), "{}", all(output));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Whether what the test needs is there.
fn is_installed(program: &str) -> bool {
    let there =
        Command::new(program).arg("--version").output().is_ok_and(|out| out.status.success());
    if !there {
        eprintln!("skipped: {program} is not installed");
        let needed = std::env::var("EDGELINT_NEEDS_PRE_COMMIT").is_ok_and(|value| value == "1");
        assert!(!needed, "{program} is not installed");
    }
    there
}

/// A repository that serves the hook, and its revision.
fn served(repository: &Repository, folder: &Path) -> String {
    let hooks = std::fs::read_to_string(root().join(".pre-commit-hooks.yaml")).expect("the hooks");
    assert_eq!(hooks.matches("language: rust").count(), 1);
    let hooks = hooks.replace("language: rust", "language: system");
    std::fs::write(folder.join(".pre-commit-hooks.yaml"), hooks).expect("written");
    let git = |arguments: &[&str]| succeeded(&repository.command(folder, "git", arguments));
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "hooks"]);
    git(&["rev-parse", "HEAD"])
}

/// A repository with one router, and the hook installed.
fn repository() -> Repository {
    let ground = fresh("hook");
    let below = |name: &str| {
        let folder = ground.join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        folder
    };
    let binary =
        Path::new(env!("CARGO_BIN_EXE_edgelint")).parent().expect("a folder").to_path_buf();
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(binary).chain(std::env::split_paths(&paths));
    let path = std::env::join_paths(paths).expect("a path");
    let repository = Repository { folder: below("estate"), path, cache: below("cache") };
    let hooks = below("hooks");
    let revision = served(&repository, &hooks);
    repository.write(
        ".pre-commit-config.yaml",
        &format!(
            "repos:\n- repo: {}\n  rev: {revision}\n  hooks:\n  - id: edgelint\n    \
             args: [--select, prefix-on-multiple-circuits, exports]\n",
            hooks.display()
        ),
    );
    repository.write("exports/edge-oslo.cfg", &edge("oslo", [1, 5], "203.0.113.0"));
    repository.git(&["init", "-q"]);
    repository.git(&["add", "."]);
    repository.git(&["commit", "-q", "-m", "One router"]);
    succeeded(&repository.command(&repository.folder, "pre-commit", &["install"]));
    repository
}

#[test]
fn a_commit_that_breaks_the_estate_is_refused() {
    if !is_installed("git") || !is_installed("pre-commit") {
        return;
    }
    let repository = repository();
    let (shared, own) =
        (edge("riga", [9, 13], "203.0.113.0"), edge("riga", [9, 13], "203.0.113.16"));

    // Only the new router is staged; the mistake is one of both.
    repository.write("exports/edge-riga.cfg", &shared);
    repository.git(&["add", "exports/edge-riga.cfg"]);
    let said = repository.commit("A second router").expect_err("the prefix is shared");
    for words in ["203.0.113.0/28", "exports/edge-oslo.cfg:", "exports/edge-riga.cfg:"] {
        assert!(said.contains(words), "{words} is missing in:\n{said}");
    }

    // What is staged counts, and not what stands in the file.
    repository.write("exports/edge-riga.cfg", &own);
    repository.commit("A second router").expect_err("the shared prefix is still staged");
    repository.git(&["add", "exports/edge-riga.cfg"]);
    repository.write("exports/edge-riga.cfg", &shared);
    repository.commit("A second router").expect("what is staged is right");
    assert_eq!(repository.git(&["status", "--porcelain"]), "M exports/edge-riga.cfg");

    // Whatever a commit touches, the estate is analysed.
    repository.git(&["commit", "-q", "--no-verify", "-a", "-m", "Past the hook"]);
    repository.write("notes.md", "# Notes\n");
    repository.git(&["add", "notes.md"]);
    repository.commit("Notes").expect_err("the estate is broken");
    repository.git(&["rm", "-q", "exports/edge-oslo.cfg"]);
    repository.commit("Notes").expect("one circuit is left");
}

#[test]
fn the_manifest_is_one() {
    if !is_installed("pre-commit") {
        return;
    }
    let file = root().join(".pre-commit-hooks.yaml");
    let output = Command::new("pre-commit").arg("validate-manifest").arg(file).output();
    succeeded(&output.expect("pre-commit runs"));
}
