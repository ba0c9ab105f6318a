//! System packages: installed where we may (Debian and Ubuntu, as root or with sudo that asks nothing), otherwise the
//! exact command is printed.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::run::{exists, run};
use crate::session::Session;
use crate::ui::Progress;

/// A thing that must be there, and the Debian packages that bring it.
#[derive(Clone, Copy)]
pub(crate) struct Need {
    present: fn() -> bool,
    packages: &'static [&'static str],
}

/// A C compiler, as rustc needs for linking and the TLS library for its assembler.
pub(crate) const COMPILER: Need = Need {
    present: || exists("cc") && exists("make"),
    packages: &["build-essential"],
};
/// Python with its module for virtual environments: for the AWS emulator, and for Node where that is missing.
pub(crate) const PYTHON: Need = Need {
    present: crate::tools::python::is_present,
    packages: &["python3", "python3-venv"],
};
/// The gateway of `up --separate`.
pub(crate) const NGINX: Need = Need {
    present: || exists("nginx") || Path::new("/usr/sbin/nginx").is_file(),
    packages: &["nginx-light"],
};
/// The browser of the end-to-end tests.
pub(crate) const CHROMIUM: Need = Need {
    present: || Path::new("/usr/bin/chromium").is_file(),
    packages: &["chromium"],
};
/// Letters for the screenshots, Korean ones too.
pub(crate) const FONTS: Need = Need {
    present: || Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").is_file(),
    packages: &["fonts-noto-cjk", "fonts-dejavu-core"],
};
/// Postgres from the system, where npm has no binaries for the platform.
pub(crate) const POSTGRES: Need = Need {
    present: || crate::postgres::binaries::system().is_some(),
    packages: &["postgresql"],
};
/// pgbench, the yardstick of the benchmark.
pub(crate) const PGBENCH: Need = Need {
    present: || exists("pgbench") || crate::postgres::binaries::pgbench().is_some(),
    packages: &["postgresql"],
};

/// Installs what is missing of the needs; says what it did.
pub(crate) fn ensure(session: &Session, needs: &[Need], progress: &Progress) -> Result<String> {
    let missing: Vec<&str> = needs
        .iter()
        .filter(|need| !(need.present)())
        .flat_map(|need| need.packages)
        .copied()
        .collect();
    if missing.is_empty() {
        return Ok("all there".to_owned());
    }
    let list = missing.join(" ");
    let Some(mut sudo) = privileged() else {
        bail!(
            "these system packages are missing: install them and start again\n\n    {}\n",
            advice(&list)
        );
    };
    let mut apt = |arguments: &[&str], log: &str| {
        let mut command = sudo();
        command
            .args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet"])
            .args(arguments);
        run(session, &mut command, log, progress)
    };
    apt(&["update"], "apt-update")?;
    let mut install = vec!["install", "--yes", "--no-install-recommends"];
    install.extend(&missing);
    apt(&install, "apt-install")?;
    let still: Vec<&str> = needs
        .iter()
        .filter(|need| !(need.present)())
        .flat_map(|need| need.packages)
        .copied()
        .collect();
    if !still.is_empty() {
        bail!(
            "apt-get installed {}, and yet they are not usable here",
            still.join(", ")
        );
    }
    Ok(format!("installed {list}"))
}

/// A command prefix with root's rights, when apt-get is there and the rights are to be had without a question.
fn privileged() -> Option<impl FnMut() -> Command> {
    if !exists("apt-get") {
        return None;
    }
    let root = rustix::process::geteuid().is_root();
    if !root && !quietly(Command::new("sudo").args(["--non-interactive", "true"])) {
        return None;
    }
    Some(move || {
        if root {
            return Command::new("env");
        }
        let mut command = Command::new("sudo");
        command.args(["--non-interactive", "env"]);
        command
    })
}

fn advice(list: &str) -> String {
    if exists("apt-get") {
        format!("sudo apt-get update && sudo apt-get install --yes --no-install-recommends {list}")
    } else {
        format!("{list}   (the names are Debian's; use your system's package manager)")
    }
}

fn quietly(command: &mut Command) -> bool {
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}
