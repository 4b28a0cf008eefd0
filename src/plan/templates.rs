/*! Plans to begin with, one for each kind of credential: a commented file with the exports to fetch and what they
 * cannot show. To add one: its file in `templates/` and its line here.
 */

use crate::diag::nearest;

/// Name and text of each template.
pub const TEMPLATES: &[(&str, &str)] = &[
    ("aws-access-key", include_str!("../../templates/aws-access-key.toml")),
    ("azure-app-secret", include_str!("../../templates/azure-app-secret.toml")),
    ("gcp-service-account-key", include_str!("../../templates/gcp-service-account-key.toml")),
    ("github-token", include_str!("../../templates/github-token.toml")),
    ("gitlab-token", include_str!("../../templates/gitlab-token.toml")),
    ("jwt-signing-key", include_str!("../../templates/jwt-signing-key.toml")),
    ("kafka-sasl", include_str!("../../templates/kafka-sasl.toml")),
    ("mysql-dual-user", include_str!("../../templates/mysql-dual-user.toml")),
    ("oauth-client-secret", include_str!("../../templates/oauth-client-secret.toml")),
    ("postgresql-dual-user", include_str!("../../templates/postgresql-dual-user.toml")),
    ("rabbitmq-user", include_str!("../../templates/rabbitmq-user.toml")),
    ("tls-client-certificate", include_str!("../../templates/tls-client-certificate.toml")),
    ("vault-kv", include_str!("../../templates/vault-kv.toml")),
    ("vendor-api-key", include_str!("../../templates/vendor-api-key.toml")),
    ("webhook-secret", include_str!("../../templates/webhook-secret.toml")),
];

/// The text of the template of that name; without one, the name that is nearest.
pub fn template(name: &str) -> Result<&'static str, Option<&'static str>> {
    let found = TEMPLATES.iter().find(|(known, _)| *known == name);
    found
        .map(|(_, text)| *text)
        .ok_or_else(|| nearest(name, TEMPLATES.iter().map(|(name, _)| *name)))
}

/// What the credential of a template is: its first line.
pub fn title(text: &str) -> &str {
    text.lines().next().unwrap_or_default().trim_start_matches(['#', ' '])
}

/// The lines of a plan that still hold a placeholder in angle brackets, counted from 1.
pub fn unfilled(text: &str) -> Vec<usize> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| {
        let said = line.trim_start();
        !said.starts_with('#') && placeholder(said)
    });
    lines.map(|(number, _)| number).collect()
}

/// Is there a text in angle brackets, `"<which team>"`, or a pattern around one?
fn placeholder(line: &str) -> bool {
    let mut rest = line;
    while let Some((_, after)) = rest.split_once('<') {
        if after.split_once('>').is_some_and(|(inside, _)| !inside.contains('"')) {
            return true;
        }
        rest = after;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_found_by_their_line() {
        let text = "a = \"x\"\n# \"<not this>\"\nowner = \"<which team>\"\nm = [{ agent = \"/^<its agent>/\" }]\nb = \"1 < 2\"\n";
        assert_eq!(unfilled(text), [3, 4]);
    }

    #[test]
    fn a_misspelt_name_gets_the_nearest() {
        assert!(template("vault-kv").is_ok());
        assert_eq!(template("vault-kw"), Err(Some("vault-kv")));
        assert_eq!(template("something else entirely"), Err(None));
    }
}
