//! One run of the program: what it was told, and the one runtime that everything waits in.

use crate::text::fault::Fault;
use crate::workspace::context::Context;

/// One run of the program.
#[derive(Debug)]
pub(crate) struct Session<'a> {
    pub(crate) context: &'a Context,
    /// One for everything: connections live as long as it does.
    runtime: tokio::runtime::Runtime,
}

impl<'a> Session<'a> {
    /// Opens no connection yet.
    ///
    /// # Errors
    ///
    /// If the system gives no event queue.
    pub(crate) fn open(context: &'a Context) -> Result<Self, Fault> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let runtime = runtime.map_err(|error| Fault::failed(format!("cannot start: {error}")))?;
        Ok(Self { context, runtime })
    }

    /// Waits for an answer, whatever it is.
    pub(crate) fn block_on<T>(&self, answer: impl Future<Output = T>) -> T {
        self.runtime.block_on(answer)
    }

    /// Waits for the answers of requests.
    pub(crate) fn wait<T, E: Into<Fault>>(
        &self,
        answers: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Fault> {
        self.block_on(answers).map_err(Into::into)
    }
}
