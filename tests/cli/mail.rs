//! The way of a message to a real SMTP server.

use std::time::Duration;

use release_check::for_tests::outside::mail::{Envelope, Mailer, Patience, Server, Undelivered};

use crate::smtp_server::{Behaviour, SmtpServer, Tls, Verdict};

const MESSAGE: &str = "From: Release Team <release@example.org>\r\nTo: users@lists.example.org, dev@lists.example.org\r\n\
    Subject: example 1.2.3\r\nMessage-ID: <example.1.2.3.release@example.org>\r\n\r\n.a line with a dot\r\n..\r\n.\r\nthe end\r\n";

/// The default limits, but no test waits long for a server that is gone.
const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(5),
    answer: Duration::from_secs(5),
    verdict: Duration::from_secs(5),
    pause: Duration::from_millis(20),
    total: Duration::from_secs(2),
};

fn send_with(
    server: &SmtpServer,
    address: &str,
    patience: Patience,
    message: &str,
) -> Result<String, Undelivered> {
    let mailbox = |text: &str| text.parse().expect("a mailbox");
    let to = ["Users <users@lists.example.org>", "dev@lists.example.org"].map(mailbox);
    let envelope =
        Envelope::new(&mailbox("Release Team <release@example.org>"), &to).expect("an envelope");
    let mailer = Mailer::new(
        Server::read(address).expect("a server"),
        Some(&server.authority()),
        patience,
    )
    .expect("a mailer");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(mailer.send(&envelope, message.as_bytes(), |_, _| {}))
}

fn send(server: &SmtpServer, credentials: &str) -> Result<String, Undelivered> {
    send_with(
        server,
        &format!("smtp://{credentials}127.0.0.1:{}", server.port),
        PATIENCE,
        MESSAGE,
    )
}

#[track_caller]
fn for_good(result: Result<String, Undelivered>) -> String {
    match result {
        Err(Undelivered::ForGood(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn for_now(result: Result<String, Undelivered>) -> String {
    match result {
        Err(Undelivered::ForNow(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn unknown(result: Result<String, Undelivered>) -> String {
    match result {
        Err(Undelivered::Unknown(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn starttls_comes_before_everything_else() {
    let server = SmtpServer::start(Behaviour {
        login: Some("PLAIN"),
        ..Behaviour::default()
    });
    assert_eq!(
        send(&server, "user:s3cret@").expect("accepted"),
        "250 2.0.0 queued"
    );
    let seen = server.seen();
    assert_eq!(seen.plain, ["EHLO [127.0.0.1]", "STARTTLS"]);
    assert_eq!(
        seen.inside,
        [
            "EHLO [127.0.0.1]",
            "AUTH PLAIN AHVzZXIAczNjcmV0",
            "MAIL FROM:<release@example.org>",
            "RCPT TO:<users@lists.example.org>",
            "RCPT TO:<dev@lists.example.org>",
            "DATA",
            "QUIT"
        ]
    );
    let [message] = seen.messages.as_slice() else {
        panic!("{:?}", seen.messages)
    };
    assert_eq!(message.from, "release@example.org");
    assert_eq!(
        message.to,
        ["users@lists.example.org", "dev@lists.example.org"]
    );
    assert_eq!(String::from_utf8_lossy(&message.bytes), MESSAGE);
}

#[test]
fn tls_from_the_start() {
    let server = SmtpServer::start(Behaviour {
        tls: Tls::Implicit,
        login: Some("LOGIN"),
        ..Behaviour::default()
    });
    let address = format!("smtps://user:s3cret@127.0.0.1:{}", server.port);
    assert_eq!(
        send_with(&server, &address, PATIENCE, MESSAGE).expect("accepted"),
        "250 2.0.0 queued"
    );
    assert_eq!(server.seen().plain, [""; 0]);
    assert_eq!(server.seen().messages.len(), 1);
}

#[test]
fn a_server_without_tls_gets_nothing() {
    for tls in [
        Tls::Without,
        Tls::Refused("502 5.5.1 no"),
        Tls::Refused("454 4.7.0 not now"),
    ] {
        let server = SmtpServer::start(Behaviour {
            tls,
            ..Behaviour::default()
        });
        let result = send(&server, "user:s3cret@");
        assert!(result.is_err(), "{result:?}");
        let seen = server.seen();
        assert!(
            seen.plain
                .iter()
                .all(|line| line.starts_with("EHLO ") || line == "STARTTLS" || line == "QUIT"),
            "{:?}",
            seen.plain
        );
        assert_eq!((seen.inside.len(), seen.messages.len()), (0, 0));
        assert_eq!(
            seen.connections > 1,
            tls == Tls::Refused("454 4.7.0 not now"),
            "only what may pass is tried again"
        );
    }
}

#[test]
fn nothing_said_before_tls_counts_inside() {
    let injected = "250-evil\r\n250 AUTH PLAIN\r\n235 welcome\r\n250 ok\r\n250 ok\r\n250 ok\r\n354 go on\r\n250 queued by someone else";
    let server = SmtpServer::start(Behaviour {
        tls: Tls::Injected(injected),
        ..Behaviour::default()
    });
    let result = send(&server, "user:s3cret@");
    assert!(result.is_err(), "{result:?}");
    assert_eq!(
        (server.seen().inside.len(), server.seen().messages.len()),
        (0, 0)
    );
}

#[test]
fn certificates_are_checked_even_on_this_machine() {
    for tls in [Tls::OnRequest, Tls::Implicit] {
        let scheme = if tls == Tls::Implicit {
            "smtps"
        } else {
            "smtp"
        };
        let other_name = SmtpServer::start(Behaviour {
            tls,
            name: "mail.example.org",
            ..Behaviour::default()
        });
        let address = format!("{scheme}://user:s3cret@127.0.0.1:{}", other_name.port);
        let why = for_good(send_with(&other_name, &address, PATIENCE, MESSAGE));
        assert!(
            why.contains("TLS failed") && why.contains("mail.example.org"),
            "{why}"
        );
        // Another server's authority stands in for one that nobody trusts.
        let good = SmtpServer::start(Behaviour {
            tls,
            ..Behaviour::default()
        });
        let address = format!("{scheme}://user:s3cret@127.0.0.1:{}", good.port);
        let why = for_good(send_with(&other_name, &address, PATIENCE, MESSAGE));
        assert!(
            why.contains("UnknownIssuer") && why.contains("`SSL_CERT_FILE`"),
            "{why}"
        );
        for server in [other_name, good] {
            assert_eq!(
                (
                    server.seen().connections,
                    server.seen().inside.len(),
                    server.seen().messages.len()
                ),
                (1, 0, 0)
            );
        }
    }
}

#[test]
fn names_are_checked_as_names() {
    let server = SmtpServer::start(Behaviour {
        name: "localhost",
        ..Behaviour::default()
    });
    let address = format!("smtp://localhost:{}", server.port);
    assert!(send_with(&server, &address, PATIENCE, MESSAGE).is_ok());
    assert!(for_good(send(&server, "")).contains("TLS failed"));
}

#[test]
fn a_wrong_password_is_final_and_stays_secret() {
    let server = SmtpServer::start(Behaviour {
        login: Some("PLAIN"),
        ..Behaviour::default()
    });
    let why = for_good(send(&server, "user:hunter2@"));
    assert!(
        why.contains("it refused the login: `535 5.7.8 wrong user or password`"),
        "{why}"
    );
    assert!(!why.contains("hunter2"));
    assert_eq!(server.seen().connections, 1);
    let echo = Behaviour {
        login: Some("PLAIN"),
        refuse: Some(("AUTH", "535 s3cret or AHVzZXIAczNjcmV0 \u{1b}[31mis wrong")),
        ..Behaviour::default()
    };
    let server = SmtpServer::start(echo);
    let why = for_good(send(&server, "user:s3cret@"));
    assert!(
        why.contains("535 *** or ***") && !why.contains('\u{1b}'),
        "{why}"
    );
}

#[test]
fn a_refusal_that_repeats_the_session_shows_no_password() {
    for (command, answer) in [
        ("MAIL", "550 you said AHVzZXIAczNjcmV0"),
        ("RCPT", "550 you said AHVzZX IAczNjcmV0"),
        ("DATA", "550 s3cret"),
    ] {
        let server = SmtpServer::start(Behaviour {
            login: Some("PLAIN"),
            refuse: Some((command, answer)),
            ..Behaviour::default()
        });
        let why = for_good(send(&server, "user:s3cret@"));
        let squeezed = why.replace(' ', "");
        assert!(
            !squeezed.contains("s3cret") && !squeezed.contains("AHVzZXIAczNjcmV0"),
            "{command}: {why}"
        );
    }
}

#[test]
fn a_login_the_server_does_not_offer_is_final() {
    let server = SmtpServer::start(Behaviour::default());
    let why = for_good(send(&server, "user:s3cret@"));
    assert!(why.contains("the login is not possible"), "{why}");
    assert_eq!(server.seen().messages.len(), 0);
}

#[test]
fn greylisting_is_waited_for() {
    let server = SmtpServer::start(Behaviour {
        greylisted: 2,
        ..Behaviour::default()
    });
    assert!(send(&server, "").is_ok());
    let seen = server.seen();
    assert_eq!((seen.connections, seen.messages.len()), (3, 1));
    assert_eq!(seen.messages[0].to.len(), 2);
}

#[test]
fn patience_ends() {
    let server = SmtpServer::start(Behaviour {
        greylisted: usize::MAX,
        ..Behaviour::default()
    });
    let why = for_now(send(&server, ""));
    assert!(why.contains("it refused the recipient `users@lists.example.org`: `450 4.2.0 greylisted, come back later`"), "{why}");
    assert!(server.seen().connections > 2);
}

#[test]
fn what_is_refused_for_good_is_not_tried_again() {
    for (command, answer) in [
        ("MAIL", "553 5.1.8 sender unknown"),
        ("RCPT TO:<dev@", "550 5.1.1 no such list"),
        ("DATA", "554 5.5.0 no"),
        ("DATA", "250 this is not how it goes"),
        ("EHLO", "550 5.7.1 go away"),
    ] {
        let server = SmtpServer::start(Behaviour {
            refuse: Some((command, answer)),
            ..Behaviour::default()
        });
        let why = for_good(send(&server, ""));
        assert!(
            why.contains(&answer[..3]) && why.contains("mail server `127.0.0.1:"),
            "{why}"
        );
        assert_eq!(
            (server.seen().connections, server.seen().messages.len()),
            (1, 0),
            "{command}"
        );
    }
    let server = SmtpServer::start(Behaviour {
        verdict: Verdict::Answer("554-5.7.1 looks like\r\n554 5.7.1 spam"),
        ..Behaviour::default()
    });
    assert!(
        for_good(send(&server, "")).contains("it refused the message: `554 5.7.1 looks like spam`")
    );
}

#[test]
fn a_message_refused_for_now_is_sent_once_it_is_not() {
    let server = SmtpServer::start(Behaviour {
        verdict: Verdict::Answer("451 4.3.0 disk full"),
        ..Behaviour::default()
    });
    assert!(for_now(send(&server, "")).contains("451 4.3.0 disk full"));
}

#[test]
fn connections_that_break_early_are_made_again() {
    let server = SmtpServer::start(Behaviour {
        dropped: 2,
        ..Behaviour::default()
    });
    assert!(send(&server, "").is_ok());
    assert_eq!(
        (server.seen().connections, server.seen().messages.len()),
        (3, 1)
    );
    let gone = std::net::TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("an address")
        .port();
    let why = for_now(send_with(
        &server,
        &format!("smtp://127.0.0.1:{gone}"),
        PATIENCE,
        MESSAGE,
    ));
    assert!(why.contains("it cannot be reached"), "{why}");
}

#[test]
fn after_the_final_dot_only_an_answer_counts() {
    let silent = Patience {
        verdict: Duration::from_millis(100),
        ..PATIENCE
    };
    for (verdict, patience, words) in [
        (
            Verdict::Close,
            PATIENCE,
            "the connection was lost after the message",
        ),
        (
            Verdict::After(Duration::from_secs(2)),
            silent,
            "it did not answer within",
        ),
        (
            Verdict::Answer("nonsense"),
            PATIENCE,
            "the connection was lost after the message",
        ),
        (
            Verdict::Answer("354 more?"),
            PATIENCE,
            "after the message it answered `354 more?`",
        ),
    ] {
        let server = SmtpServer::start(Behaviour {
            verdict,
            ..Behaviour::default()
        });
        let why = unknown(send_with(
            &server,
            &format!("smtp://127.0.0.1:{}", server.port),
            patience,
            MESSAGE,
        ));
        assert!(why.contains(words), "{why}");
        assert_eq!(server.seen().connections, 1, "never a second mail");
    }
}

#[test]
fn slow_servers_have_their_time_and_no_more() {
    let server = SmtpServer::start(Behaviour {
        slow: Duration::from_millis(30),
        verdict: Verdict::After(Duration::from_millis(300)),
        ..Behaviour::default()
    });
    assert_eq!(
        send(&server, "").expect("accepted"),
        "250 2.0.0 queued at last"
    );
    let server = SmtpServer::start(Behaviour {
        slow: Duration::from_secs(20),
        ..Behaviour::default()
    });
    let hurried = Patience {
        answer: Duration::from_millis(100),
        total: Duration::ZERO,
        ..PATIENCE
    };
    let why = for_now(send_with(
        &server,
        &format!("smtp://127.0.0.1:{}", server.port),
        hurried,
        MESSAGE,
    ));
    assert!(why.contains("it did not answer before TLS"), "{why}");
}

#[test]
fn answers_beyond_ascii_are_understood() {
    let server = SmtpServer::start(Behaviour {
        verdict: Verdict::Answer("250 angenommen, schöne Grüße"),
        ..Behaviour::default()
    });
    assert_eq!(
        send(&server, "").expect("accepted"),
        "250 angenommen, sch??ne Gr????e"
    );
}

#[test]
fn text_beyond_ascii_needs_a_server_that_takes_it() {
    let message = "Subject: x\r\n\r\ngrüße\r\n";
    let server = SmtpServer::start(Behaviour::default());
    assert!(
        send_with(
            &server,
            &format!("smtp://127.0.0.1:{}", server.port),
            PATIENCE,
            message
        )
        .is_ok()
    );
    assert!(
        server
            .seen()
            .inside
            .contains(&"MAIL FROM:<release@example.org> BODY=8BITMIME".to_owned())
    );
    let server = SmtpServer::start(Behaviour {
        offers: &["HELP"],
        ..Behaviour::default()
    });
    let why = for_good(send_with(
        &server,
        &format!("smtp://127.0.0.1:{}", server.port),
        PATIENCE,
        message,
    ));
    assert!(why.contains("no 8BITMIME"), "{why}");
}
