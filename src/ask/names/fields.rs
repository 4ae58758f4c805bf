//! From fields to a question in words: a company and an attribute, each said by itself.
//!
//! Nothing in a field is a clause: a company called `Revenue as of 2020` is looked for by that
//! name. What fails, fails as words do. Start at [`Names::company`].

use super::{Asked, Names};
use crate::ask::{Request, failure};
use crate::directory::{Entity, Resolution};
use crate::error::Failure;
use crate::question::{self, LookBack};
use crate::value::folded;
use crate::visibility;

impl Names<'_> {
    /// By its id (`17`, `#17`), its name, an alias or its domain. `attribute` is what it will be
    /// asked about, for the choices.
    ///
    /// # Errors
    /// Nobody is called so, or several are.
    pub fn company(
        &self,
        typed: &str,
        attribute: Option<&str>,
        request: &Request,
    ) -> Result<Entity, Failure> {
        let asked = &Asked::beside(request);
        let number = typed.strip_prefix('#').unwrap_or(typed);
        if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) {
            let known = number.parse().ok().and_then(|id| self.directory.get(id));
            return known
                .ok_or_else(|| failure::unknown_company(&format!("#{number}"), &[], None, asked));
        }
        match self.directory.resolve(typed) {
            Resolution::One(found) => Ok(found.entity),
            Resolution::Several(found) => {
                Err(failure::several_companies(typed, &found, attribute, asked))
            }
            Resolution::None(near) => Err(failure::unknown_company(typed, &near, attribute, asked)),
        }
    }

    /// The catalog's name of an attribute, by that name, its label or another word for it.
    ///
    /// # Errors
    /// There is none of that name; what there is.
    pub fn attribute(
        &self,
        typed: Option<&str>,
        company: &Entity,
        request: &Request,
    ) -> Result<String, Failure> {
        let asked = &Asked::beside(request);
        let offered = || visibility::offered(self.catalog, &request.audience);
        let Some(typed) = typed else {
            return Err(failure::missing_attribute(company, &offered(), asked));
        };
        let wanted = folded(typed);
        let by_name = self.catalog.attribute(typed);
        let called = self.catalog.attributes.iter().find(|attribute| {
            let mut words = attribute.aliases.iter().chain([&attribute.label]);
            words.any(|word| folded(word) == wanted)
        });
        match by_name.or(called) {
            Some(attribute) => Ok(attribute.name.clone()),
            None => Err(failure::unknown_attribute(
                typed,
                company,
                &offered(),
                asked,
            )),
        }
    }

    /// Words for both, that read back to nothing else.
    #[must_use]
    pub fn phrase(company: &Entity, attribute: &str) -> String {
        question::phrase(&question::Parts {
            entity_id: company.entity_id,
            attribute,
            as_of: None,
            expected: None,
            look_back: LookBack::Auto,
        })
    }
}

impl Asked {
    /// What stands in the request's own fields.
    fn beside(request: &Request) -> Self {
        Asked {
            as_of: request.as_of,
            expected: request.expected.clone(),
            look_back: request.look_back.unwrap_or(LookBack::Auto),
        }
    }
}
