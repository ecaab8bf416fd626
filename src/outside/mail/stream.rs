//! The connection inside TLS, as the SMTP client takes it.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

/// How much a server may say in one connection.
const MOST: usize = 256 << 10;

/// A connection inside TLS. Answers are bounded, and bytes beyond ASCII in them, which a client
/// without SMTPUTF8 must not be sent, read as `?`.
#[derive(Debug)]
pub(super) struct Secure {
    inner: TlsStream<TcpStream>,
    /// What is read before anything else.
    before: &'static [u8],
    left: usize,
}

impl Secure {
    /// A connection whose server greets now.
    pub(super) fn fresh(inner: TlsStream<TcpStream>) -> Self {
        Self {
            inner,
            before: b"",
            left: MOST,
        }
    }

    /// A connection whose server greeted before STARTTLS and will not again, though the client
    /// waits for a greeting on each connection it is given.
    pub(super) fn upgraded(inner: TlsStream<TcpStream>) -> Self {
        Self {
            before: b"220 \r\n",
            ..Self::fresh(inner)
        }
    }

    /// The server's certificate (DER).
    pub(super) fn certificate(&self) -> Option<&[u8]> {
        self.inner
            .get_ref()
            .1
            .peer_certificates()?
            .first()
            .map(AsRef::as_ref)
    }
}

impl AsyncTokioStream for Secure {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.inner.get_ref().0.peer_addr()
    }
}

impl AsyncRead for Secure {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.before.is_empty() {
            let (now, later) = self
                .before
                .split_at(self.before.len().min(buffer.remaining()));
            buffer.put_slice(now);
            self.before = later;
            return Poll::Ready(Ok(()));
        }
        let filled = buffer.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(context, buffer))?;
        let new = &mut buffer.filled_mut()[filled..];
        self.left = self
            .left
            .checked_sub(new.len())
            .ok_or_else(|| io::Error::other("the server says too much"))?;
        new.iter_mut()
            .filter(|byte| !byte.is_ascii())
            .for_each(|byte| *byte = b'?');
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Secure {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
