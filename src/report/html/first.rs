/*! The first screen: how many are ready, who stops the revocation, and what to do next. */

use super::texts::{sentence, text, time};
use crate::report::{View, aftermath, finding_id, screen};
use crate::safe::{mask_file, terminal};
use crate::wording::{self, number};

pub(super) struct FirstScreen {
    pub counts: String,
    pub terms: String,
    pub earliest: Option<String>,
    /// What the incident was; the second as HTML.
    pub aftermath: Vec<(&'static str, String)>,
    pub title: &'static str,
    pub stoppers: Vec<Stopper>,
    pub more: Option<String>,
    pub steps: Vec<Step>,
    /// The path of each input of which something was not read, and what.
    pub unread: Vec<(String, String)>,
    pub unread_more: Option<String>,
}

pub(super) struct Stopper {
    pub class: &'static str,
    pub sign: &'static str,
    pub name: String,
    pub path: String,
    /// As HTML.
    pub fact: String,
    pub finding: String,
}

pub(super) struct Step {
    pub name: String,
    pub path: String,
    /// As HTML.
    pub instruction: String,
    pub finding: String,
    pub paste: Option<String>,
}

pub(super) fn screen(view: &View<'_>) -> FirstScreen {
    let decision = view.decision;
    let (first, rest) = screen::stoppers(decision);
    let unread = screen::not_read(decision);
    let more = |n: usize| (n > 0).then(|| format!("and {} more", number(n)));
    FirstScreen {
        counts: screen::counts(decision),
        terms: format!(
            "as of {}, {}; window {}",
            time(view.zone, decision.as_of),
            wording::mode(decision.mode),
            wording::length(decision.window.length())
        ),
        earliest: decision.earliest.as_ref().map(|earliest| {
            let when = earliest.time.map(|at| time(view.zone, at));
            when.unwrap_or_else(|| "waiting alone is not enough".to_owned())
        }),
        aftermath: aftermath::lines(view)
            .into_iter()
            .map(|(label, line)| (label, sentence(view, &line)))
            .collect(),
        title: screen::stoppers_title(decision.mode),
        stoppers: first
            .iter()
            .map(|of| Stopper {
                class: if of.blocks { "not_ready" } else { "inconclusive" },
                sign: if of.blocks { "✗" } else { "?" },
                name: text(&of.name),
                path: screen::path(of),
                fact: sentence(view, &screen::fact(&of.fact)),
                finding: finding_id(of.finding),
            })
            .collect(),
        more: more(rest),
        steps: screen::steps(decision)
            .iter()
            .map(|of| Step {
                name: text(&of.name),
                path: screen::path(of),
                instruction: sentence(view, aftermath::step(decision, of)),
                finding: finding_id(of.finding),
                paste: of.paste.as_deref().map(text),
            })
            .collect(),
        unread_more: more(unread.len().saturating_sub(screen::STEPS_MAX)),
        unread: unread
            .into_iter()
            .take(screen::STEPS_MAX)
            .map(|(input, damage, of)| {
                let path = terminal(&mask_file(&input.path)).into_owned();
                (format!("{}{path}", wording::first_of(of, "input")), text(&damage.what))
            })
            .collect(),
    }
}
