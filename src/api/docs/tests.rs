//! The reference says all that the document says, and runs nothing.

use super::*;

#[test]
fn every_path_parameter_and_error_is_on_the_page_and_nothing_from_elsewhere() {
    let document = openapi::document();
    let page = page(&document).into_string();
    for (path, methods) in entries(&document["paths"]) {
        assert!(page.contains(path.as_str()), "{path}");
        for (_, operation) in entries(methods) {
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = format!("<code>{}</code>", text(parameter, "name"));
                assert!(page.contains(&name), "{name}");
            }
        }
    }
    let link = |code: &str| format!("href=\"#error-{code}\"");
    // Of one path alone, and of all seven.
    assert_eq!(page.matches(&link("bad_cursor")).count(), 1);
    assert_eq!(page.matches(&link("no_login")).count(), 7);
    for known in KNOWN {
        assert!(page.contains(&format!("id=\"error-{}\"", known.code)));
    }
    assert!(!page.contains("<script>") && !page.contains("style=") && !page.contains("https:"));
    assert!(page.matches("src=\"").count() == page.matches("src=\"/assets/").count());
}
