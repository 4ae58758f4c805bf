//! A template as CloudFormation would read it: parsed, with parameters filled in, conditions
//! decided and what is not set left out.
//!
//! What only exists once it is deployed stays a name: `${Questions.Arn}`, `${AWS::Region}`.

use std::collections::BTreeMap;

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value, json};

/// An attribute that is to be left out.
const NO_VALUE: &str = "${AWS::NoValue}";

pub(super) struct Evaluated {
    template: Value,
}

impl Evaluated {
    /// Every parameter as it is by default.
    pub(super) fn production(text: &str) -> Self {
        Self::with(text, &[])
    }

    pub(super) fn with(text: &str, set: &[(&str, &str)]) -> Self {
        let mut parsed = parsed(text);
        let mut parameters: BTreeMap<String, Value> = BTreeMap::new();
        for (name, parameter) in parsed["Parameters"].as_object().unwrap() {
            let default = &parameter["Default"];
            assert!(!default.is_null(), "{name} has no default");
            parameters.insert(name.clone(), default.clone());
        }
        for (name, value) in set {
            let known = parameters.insert((*name).to_owned(), json!(value));
            assert!(known.is_some(), "there is no parameter {name}");
        }
        let reading = Reading {
            parameters,
            mappings: parsed["Mappings"].clone(),
            conditions: parsed["Conditions"].clone(),
        };
        for section in ["Globals", "Resources", "Outputs"] {
            parsed[section] = reading.value(&parsed[section]).unwrap();
        }
        let absent = |of: &Value| match of["Condition"].as_str() {
            Some(condition) => !reading.decide(condition),
            None => false,
        };
        for section in ["Resources", "Outputs"] {
            let of = parsed[section].as_object_mut().unwrap();
            of.retain(|_, of| !absent(of));
        }
        Evaluated { template: parsed }
    }

    pub(super) fn section(&self, name: &str) -> &Map<String, Value> {
        self.template[name].as_object().unwrap()
    }

    pub(super) fn resources(&self) -> &Map<String, Value> {
        self.section("Resources")
    }

    pub(super) fn properties(&self, id: &str) -> &Value {
        let resource = self.resources().get(id);
        &resource.unwrap_or_else(|| panic!("there is no resource {id}"))["Properties"]
    }

    /// A function's properties with those that all functions have.
    pub(super) fn function(&self, id: &str) -> Value {
        let mut all = self.template["Globals"]["Function"].clone();
        let own = self.properties(id).as_object().unwrap().clone();
        all.as_object_mut().unwrap().extend(own);
        all
    }

    /// Logical id and properties.
    pub(super) fn of_type(&self, of: &str) -> impl Iterator<Item = (&str, &Value)> {
        self.resources()
            .iter()
            .filter(move |(_, resource)| resource["Type"] == of)
            .map(|(id, resource)| (id.as_str(), &resource["Properties"]))
    }

    /// The statements of what a function may do.
    pub(super) fn statements(&self, function: &str) -> Vec<Value> {
        let role = self.properties(function)["Role"].as_str().unwrap();
        let role = role.trim_start_matches("${").trim_end_matches(".Arn}");
        let policies = self.properties(role)["Policies"].as_array().unwrap();
        policies
            .iter()
            .flat_map(|policy| policy["PolicyDocument"]["Statement"].as_array().unwrap())
            .cloned()
            .collect()
    }

    /// One statement, by its Sid.
    pub(super) fn allowed(&self, function: &str, sid: &str) -> Value {
        let statements = self.statements(function);
        let found = statements.into_iter().find(|s| s["Sid"] == sid);
        found.unwrap_or_else(|| panic!("{function} has no statement {sid}"))
    }
}

/// YAML with the short tags written out: `!Ref x` is `{"Ref": "x"}`.
pub(super) fn parsed(text: &str) -> Value {
    let documents = Yaml::load_from_str(text).unwrap();
    assert_eq!(documents.len(), 1);
    json_of(&documents[0])
}

fn json_of(yaml: &Yaml<'_>) -> Value {
    match yaml {
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(value)) => json!(value),
        Yaml::Value(Scalar::Integer(value)) => json!(value),
        Yaml::Value(Scalar::FloatingPoint(value)) => json!(value.0),
        Yaml::Value(Scalar::String(value)) => json!(value),
        Yaml::Sequence(items) => items.iter().map(json_of).collect(),
        Yaml::Mapping(pairs) => {
            let pair = |(key, value): (&Yaml<'_>, &Yaml<'_>)| {
                (json_of(key).as_str().unwrap().to_owned(), json_of(value))
            };
            Value::Object(pairs.iter().map(pair).collect())
        }
        Yaml::Tagged(tag, node) => {
            let node = json_of(node);
            match tag.suffix.as_str() {
                name @ ("Ref" | "Condition") => json!({ name: node }),
                "GetAtt" => {
                    let path = node.as_str().unwrap().split_once('.').unwrap();
                    json!({ "Fn::GetAtt": [path.0, path.1] })
                }
                name => json!({ format!("Fn::{name}"): node }),
            }
        }
        Yaml::Representation(..) | Yaml::Alias(_) | Yaml::BadValue => {
            panic!("CloudFormation takes no aliases: {yaml:?}")
        }
    }
}

struct Reading {
    parameters: BTreeMap<String, Value>,
    mappings: Value,
    conditions: Value,
}

impl Reading {
    /// `None` is what is to be left out.
    fn value(&self, value: &Value) -> Option<Value> {
        match value {
            Value::Array(items) => Some(items.iter().filter_map(|item| self.value(item)).collect()),
            Value::Object(pairs) => match pairs.iter().next() {
                Some((name, of))
                    if pairs.len() == 1 && (name == "Ref" || name.starts_with("Fn::")) =>
                {
                    Some(self.function(name, of)?).filter(|value| value != NO_VALUE)
                }
                Some(_) | None => Some(Value::Object(
                    pairs
                        .iter()
                        .filter_map(|(key, value)| Some((key.clone(), self.value(value)?)))
                        .collect(),
                )),
            },
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                Some(value.clone())
            }
        }
    }

    fn function(&self, name: &str, of: &Value) -> Option<Value> {
        match name {
            "Ref" => Some(self.named(of.as_str().unwrap())),
            "Fn::GetAtt" => Some(json!(format!(
                "${{{}.{}}}",
                of[0].as_str().unwrap(),
                of[1].as_str().unwrap()
            ))),
            "Fn::If" => {
                let branch = if self.decide(of[0].as_str().unwrap()) {
                    1
                } else {
                    2
                };
                self.value(&of[branch])
            }
            "Fn::FindInMap" => {
                let key = |at: usize| of[at].as_str().unwrap();
                let found = &self.mappings[key(0)][key(1)][key(2)];
                assert!(found.is_string(), "nothing is mapped by {of}");
                Some(found.clone())
            }
            "Fn::Sub" => {
                let (text, own) = match of.as_array() {
                    Some(parts) => (&parts[0], self.value(&parts[1]).unwrap()),
                    None => (of, json!({})),
                };
                Some(json!(self.substituted(text.as_str().unwrap(), &own)))
            }
            other => panic!("{other} is not known here"),
        }
    }

    /// A parameter's value; a resource or pseudo parameter stays a name.
    fn named(&self, name: &str) -> Value {
        let parameter = self.parameters.get(name);
        parameter.map_or_else(|| json!(format!("${{{name}}}")), Clone::clone)
    }

    fn substituted(&self, text: &str, own: &Value) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}').unwrap();
            let value = match own.get(name) {
                Some(value) => value.clone(),
                None => self.named(name),
            };
            out.push_str(before);
            out.push_str(
                &value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned),
            );
            rest = after;
        }
        out + rest
    }

    fn decide(&self, condition: &str) -> bool {
        let expression = &self.conditions[condition];
        assert!(!expression.is_null(), "there is no condition {condition}");
        self.holds(expression)
    }

    fn holds(&self, expression: &Value) -> bool {
        if let Some(of) = expression.get("Fn::Equals") {
            return self.value(&of[0]) == self.value(&of[1]);
        }
        if let Some(of) = expression.get("Fn::And") {
            return of.as_array().unwrap().iter().all(|each| self.holds(each));
        }
        if let Some(of) = expression.get("Condition") {
            return self.decide(of.as_str().unwrap());
        }
        match expression.get("Fn::Not") {
            Some(of) => !self.holds(&of[0]),
            None => panic!("{expression} is not known here"),
        }
    }
}

#[test]
fn tags_conditions_and_what_is_not_set_are_read_as_cloudformation_reads_them() {
    let text = r#"
Mappings: {Catalog: {Lake: {Bucket: "b"}}}
Parameters:
  Url: {Type: String, Default: ""}
  Size: {Type: Number, Default: 3}
Conditions:
  HasUrl: !Not [!Equals [!Ref Url, ""]]
  HasBoth: !And [!Condition HasUrl, !Equals [!Ref Size, 3]]
Globals: {}
Resources:
  Always:
    Type: T
    Properties:
      Size: !Ref Size
      Url: !If [HasUrl, !Ref Url, !Ref AWS::NoValue]
      Arn: !GetAtt Other.Arn
      Bucket: !FindInMap [Catalog, Lake, Bucket]
      Text: !Sub ["${A}/${Size}/${Other}/${AWS::Region}", {A: !FindInMap [Catalog, Lake, Bucket]}]
      List: [!If [HasUrl, 1, !Ref AWS::NoValue], 2]
  Sometimes: {Type: T, Condition: HasBoth, Properties: {}}
Outputs:
  Told: {Condition: HasUrl, Value: !Ref Url}
"#;
    let plain = Evaluated::production(text);
    assert_eq!(
        plain.properties("Always"),
        &json!({
            "Size": 3,
            "Arn": "${Other.Arn}",
            "Bucket": "b",
            "Text": "b/3/${Other}/${AWS::Region}",
            "List": [2],
        })
    );
    assert!(!plain.resources().contains_key("Sometimes"));
    assert!(plain.section("Outputs").is_empty());
    let set = Evaluated::with(text, &[("Url", "http://x")]);
    assert_eq!(set.properties("Always")["Url"], "http://x");
    assert_eq!(set.properties("Always")["List"], json!([1, 2]));
    assert!(set.resources().contains_key("Sometimes"));
    assert_eq!(set.section("Outputs")["Told"]["Value"], "http://x");
    let one = Evaluated::with(text, &[("Url", "http://x"), ("Size", "4")]);
    assert!(!one.resources().contains_key("Sometimes"));
}
