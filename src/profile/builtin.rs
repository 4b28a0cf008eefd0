/*! The profiles that come with the program: one line for each source, the most specific first. */

use std::sync::LazyLock;

use super::definition::Profile;

/// The name and text of each built-in profile. The last one reads what no other recognises.
pub const PROFILES: &[(&str, &str)] = &[
    ("cloudtrail", include_str!("../../profiles/cloudtrail.toml")),
    ("gcp-audit", include_str!("../../profiles/gcp-audit.toml")),
    ("azure-signin", include_str!("../../profiles/azure-signin.toml")),
    ("azure-signin-table", include_str!("../../profiles/azure-signin-table.toml")),
    ("graph-signin", include_str!("../../profiles/graph-signin.toml")),
    ("graph-activity", include_str!("../../profiles/graph-activity.toml")),
    ("azure-activity", include_str!("../../profiles/azure-activity.toml")),
    ("azure-storage", include_str!("../../profiles/azure-storage.toml")),
    ("azure-keyvault", include_str!("../../profiles/azure-keyvault.toml")),
    ("vault-audit", include_str!("../../profiles/vault-audit.toml")),
    ("github-audit", include_str!("../../profiles/github-audit.toml")),
    ("github-audit-rows", include_str!("../../profiles/github-audit-rows.toml")),
    ("okta-system-log", include_str!("../../profiles/okta-system-log.toml")),
    ("kubernetes-audit", include_str!("../../profiles/kubernetes-audit.toml")),
    ("aws-access-key-last-used", include_str!("../../profiles/aws-access-key-last-used.toml")),
    ("gcp-last-authentication", include_str!("../../profiles/gcp-last-authentication.toml")),
    ("kubernetes-legacy-tokens", include_str!("../../profiles/kubernetes-legacy-tokens.toml")),
    ("apigateway-access", include_str!("../../profiles/apigateway-access.toml")),
    ("cloudflare-audit", include_str!("../../profiles/cloudflare-audit.toml")),
    ("cloudflare-http", include_str!("../../profiles/cloudflare-http.toml")),
    ("keycloak-events", include_str!("../../profiles/keycloak-events.toml")),
    ("auth0", include_str!("../../profiles/auth0.toml")),
    ("authentik-events", include_str!("../../profiles/authentik-events.toml")),
    ("authentik-log", include_str!("../../profiles/authentik-log.toml")),
    ("mattermost-audit", include_str!("../../profiles/mattermost-audit.toml")),
    ("forgerock-am", include_str!("../../profiles/forgerock-am.toml")),
    ("zeek", include_str!("../../profiles/zeek.toml")),
    ("m365-audit", include_str!("../../profiles/m365-audit.toml")),
    ("snowflake-login", include_str!("../../profiles/snowflake-login.toml")),
    ("datadog-audit", include_str!("../../profiles/datadog-audit.toml")),
    ("slack-audit", include_str!("../../profiles/slack-audit.toml")),
    ("onepassword-signins", include_str!("../../profiles/onepassword-signins.toml")),
    ("onepassword-items", include_str!("../../profiles/onepassword-items.toml")),
    ("duo-auth", include_str!("../../profiles/duo-auth.toml")),
    ("databricks-audit", include_str!("../../profiles/databricks-audit.toml")),
    ("openai-audit", include_str!("../../profiles/openai-audit.toml")),
    ("mongodb-atlas-events", include_str!("../../profiles/mongodb-atlas-events.toml")),
    ("pingone-activities", include_str!("../../profiles/pingone-activities.toml")),
    ("teleport", include_str!("../../profiles/teleport.toml")),
    ("onelogin-events", include_str!("../../profiles/onelogin-events.toml")),
    ("bitwarden-events", include_str!("../../profiles/bitwarden-events.toml")),
    ("jumpcloud", include_str!("../../profiles/jumpcloud.toml")),
    ("crowdstrike-audit", include_str!("../../profiles/crowdstrike-audit.toml")),
    ("atlassian-audit", include_str!("../../profiles/atlassian-audit.toml")),
    ("lastpass", include_str!("../../profiles/lastpass.toml")),
    ("nats-events", include_str!("../../profiles/nats-events.toml")),
    ("salesforce-login", include_str!("../../profiles/salesforce-login.toml")),
    ("kubernetes-pods", include_str!("../../profiles/kubernetes-pods.toml")),
    ("kubernetes-objects", include_str!("../../profiles/kubernetes-objects.toml")),
    ("gcp-authn-events", include_str!("../../profiles/gcp-authn-events.toml")),
    ("google-workspace", include_str!("../../profiles/google-workspace.toml")),
    ("openai-usage", include_str!("../../profiles/openai-usage.toml")),
    ("stern", include_str!("../../profiles/stern.toml")),
    ("otlp-logs", include_str!("../../profiles/otlp-logs.toml")),
    ("otlp-traces", include_str!("../../profiles/otlp-traces.toml")),
    ("otlp-metrics", include_str!("../../profiles/otlp-metrics.toml")),
    ("prometheus", include_str!("../../profiles/prometheus.toml")),
    ("prometheus-range", include_str!("../../profiles/prometheus-range.toml")),
    ("prometheus-instant", include_str!("../../profiles/prometheus-instant.toml")),
    ("ocsf-authentication", include_str!("../../profiles/ocsf-authentication.toml")),
    ("ocsf", include_str!("../../profiles/ocsf.toml")),
    ("postgresql-json", include_str!("../../profiles/postgresql-json.toml")),
    ("mysql-audit", include_str!("../../profiles/mysql-audit.toml")),
    ("mongodb", include_str!("../../profiles/mongodb.toml")),
    ("elasticsearch-audit", include_str!("../../profiles/elasticsearch-audit.toml")),
    ("redis-acl-log", include_str!("../../profiles/redis-acl-log.toml")),
    ("mssql-audit", include_str!("../../profiles/mssql-audit.toml")),
    ("gitlab-api", include_str!("../../profiles/gitlab-api.toml")),
    ("gitlab-audit", include_str!("../../profiles/gitlab-audit.toml")),
    ("consul-audit", include_str!("../../profiles/consul-audit.toml")),
    ("nomad-audit", include_str!("../../profiles/nomad-audit.toml")),
    ("windows-security", include_str!("../../profiles/windows-security.toml")),
    ("winlogbeat", include_str!("../../profiles/winlogbeat.toml")),
    ("nginx-json", include_str!("../../profiles/nginx-json.toml")),
    ("envoy-json", include_str!("../../profiles/envoy-json.toml")),
    ("kong", include_str!("../../profiles/kong.toml")),
    ("traefik", include_str!("../../profiles/traefik.toml")),
    ("caddy", include_str!("../../profiles/caddy.toml")),
    ("auditd", include_str!("../../profiles/auditd.toml")),
    ("fortinet", include_str!("../../profiles/fortinet.toml")),
    ("grafana", include_str!("../../profiles/grafana.toml")),
    ("sftpgo", include_str!("../../profiles/sftpgo.toml")),
    ("jamf-cloud", include_str!("../../profiles/jamf-cloud.toml")),
    ("lograge", include_str!("../../profiles/lograge.toml")),
    ("monolog-json", include_str!("../../profiles/monolog-json.toml")),
    ("clef", include_str!("../../profiles/clef.toml")),
    ("serilog", include_str!("../../profiles/serilog.toml")),
    ("sidekiq", include_str!("../../profiles/sidekiq.toml")),
    ("bullmq", include_str!("../../profiles/bullmq.toml")),
    ("tracing", include_str!("../../profiles/tracing.toml")),
    ("ecs-authentication", include_str!("../../profiles/ecs-authentication.toml")),
    ("aws-iam-credential-report", include_str!("../../profiles/aws-iam-credential-report.toml")),
    ("cloudtrail-csv", include_str!("../../profiles/cloudtrail-csv.toml")),
    ("cloudtrail-lookup", include_str!("../../profiles/cloudtrail-lookup.toml")),
    ("auth0-stream", include_str!("../../profiles/auth0-stream.toml")),
    ("forgerock-cloud", include_str!("../../profiles/forgerock-cloud.toml")),
    ("docker-json", include_str!("../../profiles/docker-json.toml")),
    ("journald", include_str!("../../profiles/journald.toml")),
    ("cloudwatch", include_str!("../../profiles/cloudwatch.toml")),
    ("cloudwatch-events", include_str!("../../profiles/cloudwatch-events.toml")),
    ("cloudwatch-insights", include_str!("../../profiles/cloudwatch-insights.toml")),
    ("splunk", include_str!("../../profiles/splunk.toml")),
    ("splunk-results", include_str!("../../profiles/splunk-results.toml")),
    ("datadog", include_str!("../../profiles/datadog.toml")),
    ("datadog-csv", include_str!("../../profiles/datadog-csv.toml")),
    ("loki", include_str!("../../profiles/loki.toml")),
    ("logcli", include_str!("../../profiles/logcli.toml")),
    ("elasticsearch", include_str!("../../profiles/elasticsearch.toml")),
    ("postgresql-csv", include_str!("../../profiles/postgresql-csv.toml")),
    ("postgresql-stderr", include_str!("../../profiles/postgresql-stderr.toml")),
    ("mysql-error", include_str!("../../profiles/mysql-error.toml")),
    ("mysql-general", include_str!("../../profiles/mysql-general.toml")),
    ("mysql-slow", include_str!("../../profiles/mysql-slow.toml")),
    ("mssql-errorlog", include_str!("../../profiles/mssql-errorlog.toml")),
    ("pg-stat-activity", include_str!("../../profiles/pg-stat-activity.toml")),
    ("mysql-processlist", include_str!("../../profiles/mysql-processlist.toml")),
    ("redis-client-list", include_str!("../../profiles/redis-client-list.toml")),
    ("pgbouncer", include_str!("../../profiles/pgbouncer.toml")),
    ("rds-proxy", include_str!("../../profiles/rds-proxy.toml")),
    ("cassandra-audit", include_str!("../../profiles/cassandra-audit.toml")),
    ("couchdb", include_str!("../../profiles/couchdb.toml")),
    ("kafka-server", include_str!("../../profiles/kafka-server.toml")),
    ("rabbitmq", include_str!("../../profiles/rabbitmq.toml")),
    ("celery", include_str!("../../profiles/celery.toml")),
    ("monolog", include_str!("../../profiles/monolog.toml")),
    ("sshd", include_str!("../../profiles/sshd.toml")),
    ("s3-access", include_str!("../../profiles/s3-access.toml")),
    ("alb-connection", include_str!("../../profiles/alb-connection.toml")),
    ("alb-access", include_str!("../../profiles/alb-access.toml")),
    ("bitbucket-access", include_str!("../../profiles/bitbucket-access.toml")),
    ("keycloak-log", include_str!("../../profiles/keycloak-log.toml")),
    ("pam", include_str!("../../profiles/pam.toml")),
    ("proxmox", include_str!("../../profiles/proxmox.toml")),
    ("dovecot", include_str!("../../profiles/dovecot.toml")),
    ("postfix", include_str!("../../profiles/postfix.toml")),
    ("openldap", include_str!("../../profiles/openldap.toml")),
    ("freeradius", include_str!("../../profiles/freeradius.toml")),
    ("apache-error", include_str!("../../profiles/apache-error.toml")),
    ("nginx-error", include_str!("../../profiles/nginx-error.toml")),
    ("palo-alto", include_str!("../../profiles/palo-alto.toml")),
    ("squid", include_str!("../../profiles/squid.toml")),
    ("iis", include_str!("../../profiles/iis.toml")),
    ("cyberark-vault", include_str!("../../profiles/cyberark-vault.toml")),
    ("asterisk", include_str!("../../profiles/asterisk.toml")),
    ("exim", include_str!("../../profiles/exim.toml")),
    ("ftpd", include_str!("../../profiles/ftpd.toml")),
    ("cisco-asa", include_str!("../../profiles/cisco-asa.toml")),
    ("nats", include_str!("../../profiles/nats.toml")),
    ("charon", include_str!("../../profiles/charon.toml")),
    ("openvpn", include_str!("../../profiles/openvpn.toml")),
    ("cisco-ise", include_str!("../../profiles/cisco-ise.toml")),
    ("sophos", include_str!("../../profiles/sophos.toml")),
    ("jamf-access", include_str!("../../profiles/jamf-access.toml")),
    ("roundcube", include_str!("../../profiles/roundcube.toml")),
    ("paperless", include_str!("../../profiles/paperless.toml")),
    ("vaultwarden", include_str!("../../profiles/vaultwarden.toml")),
    ("atlassian-access", include_str!("../../profiles/atlassian-access.toml")),
    ("envoy-text", include_str!("../../profiles/envoy-text.toml")),
    ("haproxy", include_str!("../../profiles/haproxy.toml")),
    ("access-log", include_str!("../../profiles/access-log.toml")),
    ("cloudfront", include_str!("../../profiles/cloudfront.toml")),
    ("cri", include_str!("../../profiles/cri.toml")),
    ("syslog-priority", include_str!("../../profiles/syslog-priority.toml")),
    ("syslog-rfc5424", include_str!("../../profiles/syslog-rfc5424.toml")),
    ("syslog-rfc3164", include_str!("../../profiles/syslog-rfc3164.toml")),
    ("kubectl-logs", include_str!("../../profiles/kubectl-logs.toml")),
    ("docker-compose-text", include_str!("../../profiles/docker-compose-text.toml")),
    ("ruby-logger", include_str!("../../profiles/ruby-logger.toml")),
    ("python-logging", include_str!("../../profiles/python-logging.toml")),
    ("go-log", include_str!("../../profiles/go-log.toml")),
    ("json", include_str!("../../profiles/json.toml")),
];

static LOADED: LazyLock<Vec<Profile>> = LazyLock::new(|| {
    let load = |(name, text): &(&str, &str)| {
        let file = format!("profiles/{name}.toml");
        super::read::load_built_in(&file, text)
            .unwrap_or_else(|mistakes| unreachable!("{}", mistakes.lines()))
    };
    PROFILES.iter().map(load).collect()
});

/// All built-in profiles, read from their text once.
///
/// # Panics
/// If a profile is invalid. A test loads each of them.
pub fn profiles() -> &'static [Profile] {
    &LOADED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_built_in_profile_loads_under_its_own_name() {
        for ((name, _), profile) in PROFILES.iter().zip(profiles()) {
            assert_eq!(profile.name, *name);
            assert!(!profile.blind_spots.is_empty(), "{name} says what it never records");
        }
    }

    #[test]
    fn each_expression_of_the_built_in_profiles_is_valid() {
        for (name, text) in PROFILES {
            let found = super::super::load(name, text);
            assert!(found.is_ok(), "{name}: {:?}", found.map(|profile| profile.name));
        }
    }

    #[test]
    fn only_the_last_profile_reads_anything() {
        assert!(profiles().last().is_some_and(|last| last.sniff.is_empty()));
        for profile in &profiles()[..PROFILES.len() - 1] {
            let is_known = !profile.sniff.is_empty()
                || !profile.sniff_values.is_empty()
                || !profile.patterns.is_empty();
            assert!(is_known, "{} must be recognisable", profile.name);
        }
    }
}
