//! What the environment says: every variable is declared here, once.
//!
//! `main` collects the variables and passes them in; nothing else reads them.
//! Flags win over variables, variables over defaults.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::catalog;

/// One variable that `why` reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    pub name: &'static str,
    /// What it is for, as `why help` and the README print it.
    pub doc: &'static str,
}

/// The catalog file, or the folder it is in. `--catalog` wins over it.
pub const CATALOG: Variable = Variable {
    name: "WHY_CATALOG",
    doc: "the catalog file, or the folder that holds it; without it: why.toml here",
};

/// Set to anything but nothing: no colour.
pub const NO_COLOR: Variable = Variable {
    name: "NO_COLOR",
    doc: "set to anything: plain text without colour",
};

/// `dumb`: the terminal knows no codes.
pub const TERM: Variable = Variable {
    name: "TERM",
    doc: "`dumb`: plain text without colour",
};

/// Asked where no terminal tells its width.
pub const COLUMNS: Variable = Variable {
    name: "COLUMNS",
    doc: "how wide lines may be where the answer goes to no terminal; without it: 100",
};

/// All variables of our own, in the order in which they are documented.
pub const VARIABLES: [Variable; 4] = [CATALOG, NO_COLOR, TERM, COLUMNS];

/// The variables of a lake on S3, under the names that AWS's own tools use.
pub const S3_PREFIX: &str = "AWS_";

/// The process's environment.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
}

impl FromIterator<(String, String)> for Environment {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(variables: I) -> Self {
        Environment {
            variables: variables.into_iter().collect(),
        }
    }
}

impl Environment {
    fn get(&self, variable: Variable) -> Option<&str> {
        self.variables
            .get(variable.name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// Where the catalog is: the flag, the variable, or `why.toml` here.
    #[must_use]
    pub fn catalog_file(&self, flag: Option<&Path>) -> PathBuf {
        let named = flag
            .map(Path::to_path_buf)
            .or_else(|| self.get(CATALOG).map(PathBuf::from));
        match named {
            Some(path) if path.is_dir() => path.join(catalog::FILE_NAME),
            Some(path) => path,
            None => PathBuf::from(catalog::FILE_NAME),
        }
    }

    #[must_use]
    pub fn wants_no_colour(&self) -> bool {
        self.get(NO_COLOR).is_some() || self.get(TERM) == Some("dumb")
    }

    /// How wide lines may be, if it is said; a number of columns.
    #[must_use]
    pub fn columns(&self) -> Option<usize> {
        self.get(COLUMNS)?.trim().parse().ok()
    }

    /// What a lake on S3 needs: region, endpoint and credentials.
    #[must_use]
    pub fn s3_options(&self) -> BTreeMap<String, String> {
        self.variables
            .iter()
            .filter(|(name, _)| name.starts_with(S3_PREFIX))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
            .collect()
    }
}

#[cfg(test)]
mod tests;
