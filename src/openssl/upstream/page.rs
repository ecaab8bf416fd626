//! Pages of HTML from outside, parsed within a budget.
//!
//! A parser's work for each tag grows with the elements that are open, and what is open depends on
//! dozens of rules about which end tags count. So the open elements are not guessed from the text
//! but counted in the parser itself, between small pieces of the page.

use std::cell::Cell;

use html5ever::TokenizerResult;
use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::Tracer;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Token, TokenSink, TokenSinkResult, Tokenizer};
use html5ever::tree_builder::{TreeBuilder, TreeSink};
use scraper::{Html, HtmlTreeSink};

use super::diagnostic::Diagnostic;
use crate::text::budget::{
    HTML_ATTRIBUTES, HTML_BYTES, HTML_DEPTH, HTML_NODES, HTML_TAG, HTML_WORK,
};

/// Bytes after which the budget is looked at.
const PIECE: usize = 512;

type Handle = <HtmlTreeSink as TreeSink>::Handle;

/// The tree builder behind a look at what it is told.
struct Watched {
    builder: TreeBuilder<Handle, HtmlTreeSink>,
    /// How many tokens came since the last look.
    heard: Cell<usize>,
    /// What they have cost: each the elements that were open.
    work: Cell<usize>,
    /// The most attributes that a tag had.
    attributes: Cell<usize>,
}

impl TokenSink for Watched {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        self.heard.set(self.heard.get() + 1);
        if let Token::TagToken(tag) = &token {
            self.attributes
                .set(self.attributes.get().max(tag.attrs.len()));
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// Counts what a tree builder holds on to: the open elements and those to be opened again.
#[derive(Default)]
struct HeldElements(Cell<usize>);

impl Tracer for HeldElements {
    type Handle = Handle;

    fn trace_handle(&self, _: &Handle) {
        self.0.set(self.0.get() + 1);
    }
}

impl Watched {
    fn new() -> Self {
        Self {
            builder: TreeBuilder::new(HtmlTreeSink::new(Html::new_document()), <_>::default()),
            heard: Cell::new(0),
            work: Cell::new(0),
            attributes: Cell::new(0),
        }
    }

    /// What is beyond the budget after so many more tokens.
    fn excess(&self, tokens: usize) -> Option<String> {
        let held = HeldElements::default();
        self.builder.trace_handles(&held);
        self.work.set(self.work.get() + tokens * held.0.get());
        if self.work.get() > HTML_WORK {
            return Some("its tags stand too deep, and are too many".to_owned());
        }
        // An element can be both open and to be opened again; document and head are held too.
        if held.0.get() > 2 * HTML_DEPTH {
            return Some(format!("its elements nest more than {HTML_DEPTH} deep"));
        }
        if self.attributes.get() > HTML_ATTRIBUTES {
            return Some(format!("a tag has more than {HTML_ATTRIBUTES} attributes"));
        }
        let nodes = self.builder.sink.0.borrow().tree.values().len();
        (nodes > HTML_NODES).then(|| format!("it has more than {HTML_NODES} nodes"))
    }
}

/// Parses a page. `document` names it in diagnostics.
///
/// # Errors
///
/// If parsing the page would cost more than the budget.
pub(crate) fn parse(document: &str, html: &str) -> Result<Html, Diagnostic> {
    bounded(html).map_err(|why| Diagnostic::new(document, format!("not read: {why}")))
}

fn bounded(html: &str) -> Result<Html, String> {
    if html.len() > HTML_BYTES {
        return Err(format!("it is larger than {HTML_BYTES} bytes"));
    }
    let tokenizer = Tokenizer::new(Watched::new(), <_>::default());
    let queue = BufferQueue::default();
    let (mut rest, mut silent) = (html, 0);
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.ceil_char_boundary(PIECE));
        rest = after;
        queue.push_back(StrTendril::from_slice(piece));
        // A script is nothing here.
        while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
        let heard = tokenizer.sink.heard.take();
        silent = if heard > 0 { 0 } else { silent + piece.len() };
        if silent > HTML_TAG {
            return Err(format!("a tag or comment is longer than {HTML_TAG} bytes"));
        }
        if let Some(why) = tokenizer.sink.excess(heard) {
            return Err(why);
        }
    }
    tokenizer.end();
    Ok(tokenizer.sink.builder.sink.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_real_pages_do_is_read() {
        for html in [
            String::new(),
            "<li><p>".repeat(50_000),
            "a < b <3 <!-- c --></div><b>".to_owned(),
            "<p>a<br></p></x>".repeat(20_000),
            include_str!("../../../tests/fixtures/upstream/vulnerabilities.html").to_owned(),
        ] {
            let parsed = parse("page", &html).expect("a page");
            assert_eq!(parsed.html(), Html::parse_document(&html).html());
        }
    }

    #[test]
    fn what_costs_without_end_is_refused() {
        let attributes: String = (0..60_000).map(|at| format!("a{at} ")).collect();
        let few: String = (0..1_000).map(|at| format!("a{at} ")).collect();
        let formats: String = (0..60).map(|at| format!("<b a={at}>")).collect();
        for (html, why) in [
            ("<div>".repeat(50_000), "deep"),
            ("<b>".repeat(50_000), "deep"),
            ("<table><tr><td>".repeat(50_000), "deep"),
            ("<h4><div>".repeat(50_000), "deep"),
            // End tags that close nothing.
            ("<div></x>".repeat(50_000), "deep"),
            ("<div></b>".repeat(50_000), "deep"),
            ("<span><div></span>".repeat(50_000), "deep"),
            ("<svg>".to_owned() + &"<a>".repeat(50_000), "deep"),
            (
                "<math><mi>".to_owned() + &"<div></mi>".repeat(50_000),
                "deep",
            ),
            (format!("<a {attributes}>"), "longer"),
            (format!("<a {few}>"), "attributes"),
            (format!("<!-- {attributes}"), "longer"),
            (
                format!("<p>{formats}</p>") + &"<p>x</p>".repeat(100_000),
                "nodes",
            ),
            ("<span>".repeat(70) + &"</x>".repeat(300_000), "too many"),
            ("x".repeat(HTML_BYTES + 1), "larger"),
        ] {
            let refused = parse("page", &html).expect_err("a refusal").text;
            assert!(refused.contains(why), "{}: {refused}", &html[..40]);
        }
    }
}
