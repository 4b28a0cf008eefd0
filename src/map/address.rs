/*! Addresses of callers: the port is another one for each connection, and says nothing of who called. */

use std::net::{Ipv4Addr, Ipv6Addr};

/// The address without its port and brackets; one of version 4 within one of version 6 as what it is. All else stays as
/// it is, the name of a host too.
pub(super) fn without_port(text: &str) -> &str {
    if !text.contains(':') && !text.starts_with('[') {
        return text;
    }
    let address = text.trim();
    let bracketed = address.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let host = match bracketed {
        Some((host, rest)) if rest.strip_prefix(':').map_or(rest.is_empty(), is_port) => host,
        Some(_) => return text,
        None => match address.rsplit_once(':') {
            Some((host, port)) if host.parse::<Ipv4Addr>().is_ok() && is_port(port) => host,
            Some(_) | None => address,
        },
    };
    let within = host.get(..7).filter(|start| start.eq_ignore_ascii_case("::ffff:"));
    let within = within.map(|start| &host[start.len()..]);
    if let Some(within) = within.filter(|within| within.parse::<Ipv4Addr>().is_ok()) {
        return within;
    }
    let number = host.split_once('%').map_or(host, |(number, _)| number);
    let is_address = number.parse::<Ipv6Addr>().is_ok() || host.parse::<Ipv4Addr>().is_ok();
    if is_address { host } else { text }
}

/// Some logs put a word where the port would be.
fn is_port(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|sign| sign.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::without_port;

    #[test]
    fn an_address_has_no_port_and_no_brackets() {
        for text in [
            "10.0.0.6",
            "10.0.0.6:51234",
            "[::ffff:10.0.0.6]:51234",
            "::ffff:10.0.0.6",
            "[10.0.0.6]:1",
        ] {
            assert_eq!(without_port(text), "10.0.0.6", "{text}");
        }
        for text in ["2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:443"] {
            assert_eq!(without_port(text), "2001:db8::1", "{text}");
        }
        for text in
            ["app:443", "unix:", "[app]:1", "a:b:c", "10.0.0.6:a b", "[", ":", "fe80::1%eth0"]
        {
            assert_eq!(without_port(text), text);
        }
    }
}
